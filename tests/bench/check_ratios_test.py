#!/usr/bin/env python3
"""check_ratios on a measurement made before (measured_ifma.json), as it is and changed; nothing is timed here."""
import contextlib
import copy
import importlib.machinery
import importlib.util
import io
import json
import os
import sys
import tempfile
import types
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
MEASURED = json.loads((HERE / "measured_ifma.json").read_text(encoding="utf-8"))
BOUNDS = json.loads((HERE / "ratios.json").read_text(encoding="utf-8"))
SLACK = BOUNDS["slack"]


def script():
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader("check_ratios", str(HERE / "check_ratios"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_ratios", loader))
    loader.exec_module(module)
    return module


check_ratios = script()

# Stands in for blindbook-microbench: has the kernels of its folder's *.json and says what they hold.
PROGRAM = f"""#!{sys.executable}
import os, pathlib, sys
here = pathlib.Path(__file__).parent
if sys.argv[1:] == ["--list-kernels"]:
    print(*(file.stem for file in sorted(here.glob("*.json"))), sep="\\n")
else:
    (here / "arguments").write_text("\\n".join(sys.argv[1:]))
    print((here / (os.environ["BLINDBOOK_KERNEL"] + ".json")).read_text())
"""


def rounds_of(measurement, name):
    return [run for run in measurement["benchmarks"] if run["run_name"] == name and run["run_type"] == "iteration"]


def median(measurement, name):
    return sorted(run["per_element"] for run in rounds_of(measurement, name))[BOUNDS["rounds"] // 2]


def ratio_of(measurement, ratio):
    return median(measurement, ratio["theirs"]) / median(measurement, ratio["ours"])


def scaled(measurement, name, factor):
    """The measurement as if `name` had taken `factor` times as long."""
    changed = copy.deepcopy(measurement)
    for run in rounds_of(changed, name):
        run["per_element"] *= factor
    return changed


def as_kernel(kernel, gains):
    """A measurement of `kernel` in which each ratio that has a lower bound is `gains(bound)`."""
    changed = copy.deepcopy(MEASURED)
    changed["context"]["kernel"] = kernel
    for ratio in BOUNDS["ratios"]:
        if bound := ratio.get("at_least", {}).get(kernel):
            changed = scaled(changed, ratio["ours"], ratio_of(changed, ratio) / gains(bound))
    return changed


class CheckRatios(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.cpu_info = self.folder / "cpuinfo"
        self.machine_with("avx2")

    def machine_with(self, *flags):
        self.cpu_info.write_text(f"processor\t: 0\nflags\t\t: fpu {' '.join(flags)}\nbugs\t\t: avx512ifma\n", encoding="utf-8")

    def run_script(self, *arguments):
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
            status = check_ratios.main([str(argument) for argument in arguments], self.cpu_info)
        return types.SimpleNamespace(returncode=status, stdout=out.getvalue(), stderr=err.getvalue())

    def compare(self, *measurements):
        files = []
        for number, measurement in enumerate(measurements):
            files.append(self.folder / f"{number}.measured")
            files[-1].write_text(json.dumps(measurement), encoding="utf-8")
        return self.run_script("--measured", *files)

    def expect_fault(self, done, complaint):
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(complaint, done.stderr)

    def test_a_measurement_that_keeps_all_bounds_passes_and_each_ratio_is_printed_with_its_bound(self):
        done = self.compare(MEASURED)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for ratio in BOUNDS["ratios"]:
            line = next(line for line in done.stdout.splitlines() if ratio["what"] in line)
            if "at_least" in ratio:
                self.assertIn(f"at least {ratio['at_least']['ifma']:g}", line)
                self.assertIn(f"{ratio_of(MEASURED, ratio):.3g}", line)
            else:
                self.assertIn(f"at most {ratio['at_most']['ifma']:g}", line)
                self.assertIn(f"{1 / ratio_of(MEASURED, ratio):.3g}", line)

    def test_each_bound_that_is_missed_by_more_than_the_slack_fails(self):
        for ratio in BOUNDS["ratios"]:
            with self.subTest(ratio["what"]):
                if "at_least" in ratio:
                    lost = ratio_of(MEASURED, ratio) / (ratio["at_least"]["ifma"] * (1 - SLACK - 0.01))
                else:
                    lost = ratio_of(MEASURED, ratio) * ratio["at_most"]["ifma"] * (1 + SLACK + 0.01)
                done = self.compare(scaled(MEASURED, ratio["ours"], lost))
                self.assertEqual(done.returncode, 1, done.stdout)
                short = [line for line in done.stdout.splitlines() if "FALLS SHORT" in line]
                self.assertEqual(len(short), 1, done.stdout)
                self.assertIn(ratio["what"], short[0])

    def test_a_bound_that_is_missed_within_the_slack_passes(self):
        for kernel in ("ifma", "avx2", "scalar51"):
            done = self.compare(as_kernel(kernel, lambda bound: bound * (1 - SLACK + 0.01)))
            self.assertEqual(done.returncode, 0, done.stdout)

    def test_every_kernel_with_bounds_can_fall_short(self):
        for kernel in ("ifma", "avx2", "scalar51"):
            done = self.compare(as_kernel(kernel, lambda bound: bound * (1 - SLACK - 0.01)))
            self.assertEqual(done.returncode, 1, done.stdout)

    def test_rounds_that_are_disturbed_do_not_decide(self):
        disturbed = copy.deepcopy(MEASURED)
        for run in rounds_of(disturbed, "evaluate/1024")[:3]:
            run["per_element"] *= 100
        self.assertEqual(self.compare(disturbed).returncode, 0)

    def test_absent_kernels_are_named_and_no_others_skipped(self):
        good, bad = (as_kernel("avx2", lambda bound, times=times: bound * times) for times in (1.1, 0.5))
        self.assertEqual(self.compare(good).returncode, 0)
        done = self.compare(bad)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("ifma: absent", done.stdout)
        self.assertIn("scalar51: absent", done.stdout)
        self.assertNotIn("avx2: absent", done.stdout)

    def test_a_missing_benchmark_is_an_error(self):
        for name in {name for ratio in BOUNDS["ratios"] for name in (ratio["ours"], ratio["theirs"])}:
            missing = copy.deepcopy(MEASURED)
            missing["benchmarks"] = [run for run in missing["benchmarks"] if run["run_name"] != name]
            self.expect_fault(self.compare(missing), f"{name} ran in 0 rounds")

    def test_fewer_rounds_than_asked_for_are_an_error(self):
        short = copy.deepcopy(MEASURED)
        short["benchmarks"].remove(rounds_of(short, "setup/1024")[0])
        self.expect_fault(self.compare(short), "setup/1024 ran in 14 rounds, not in 15")

    def test_a_benchmark_that_failed_is_an_error(self):
        failed = copy.deepcopy(MEASURED)
        rounds_of(failed, "libsodium_setup")[0].update(error_occurred=True, error_message="libsodium's tags differ")
        self.expect_fault(self.compare(failed), "libsodium_setup failed: libsodium's tags differ")

    def test_what_is_no_measurement_is_an_error(self):
        self.expect_fault(self.run_script("--measured", self.folder / "none"), "cannot be read")
        self.expect_fault(self.run_script("--measured", HERE / "check_ratios"), "is no JSON")
        self.expect_fault(self.compare({"context": {}, "benchmarks": []}), "names no kernel")
        self.expect_fault(self.compare(MEASURED, MEASURED), "one that another file has")

    def write_program(self, **measurements):
        program = self.folder / "program"
        program.write_text(PROGRAM, encoding="utf-8")
        os.chmod(program, 0o755)
        for kernel, measurement in measurements.items():
            (self.folder / f"{kernel}.json").write_text(json.dumps(measurement), encoding="utf-8")
        return program

    def test_every_kernel_that_the_program_lists_is_measured_in_interleaved_rounds(self):
        avx2 = as_kernel("avx2", lambda bound: bound * 0.5)
        scalar51 = as_kernel("scalar51", lambda bound: bound)
        program = self.write_program(ifma=MEASURED, avx2=avx2, scalar51=scalar51, unbounded=MEASURED)
        done = self.run_script("--program", program, "--keep", self.folder / "kept")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertNotIn("absent", done.stdout)
        arguments = (self.folder / "arguments").read_text().splitlines()
        self.assertIn("--benchmark_repetitions=15", arguments)
        self.assertIn("--benchmark_enable_random_interleaving=true", arguments)
        self.assertEqual(json.loads((self.folder / "kept/avx2.json").read_text()), avx2)
        self.assertEqual(sorted(path.name for path in (self.folder / "kept").iterdir()), ["avx2.json", "ifma.json", "scalar51.json"])

    def test_a_kernel_that_the_machine_lacks_is_named_and_the_others_measured(self):
        self.machine_with()
        done = self.run_script("--program", self.write_program(scalar51=as_kernel("scalar51", lambda bound: bound)))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("ifma: absent", done.stdout)
        self.assertIn("avx2: absent", done.stdout)

    def test_a_program_without_a_kernel_that_the_machine_could_run_is_an_error(self):
        avx2, scalar51 = (as_kernel(kernel, lambda bound: bound) for kernel in ("avx2", "scalar51"))
        program = self.write_program(avx2=avx2, scalar51=scalar51)
        self.assertEqual(self.run_script("--program", program).returncode, 0)
        self.machine_with("avx2", "avx512f", "avx512dq", "avx512vl", "avx512ifma")
        self.expect_fault(self.run_script("--program", program), "lacks ifma, which this machine could run")
        (self.folder / "avx2.json").unlink()
        self.expect_fault(self.run_script("--program", program), "lacks ifma, avx2, which")

    def test_a_program_that_runs_another_kernel_or_not_at_all_is_an_error(self):
        program = self.write_program(avx2=MEASURED, scalar51=MEASURED)
        self.expect_fault(self.run_script("--program", program), "did not run avx2")
        self.expect_fault(self.run_script("--program", self.folder / "none"), "does not run")


if __name__ == "__main__":
    unittest.main()
