#include "blindbook/model/calibration.h"

#include <array>

namespace blindbook::model {

std::span<const CalibrationField> calibration_fields() noexcept {
  static constexpr std::array kFields{
      CalibrationField{"client_start_ns", &Calibration::client_start_ns},
      CalibrationField{"client_number_ns", &Calibration::client_number_ns},
      CalibrationField{"blind_ns", &Calibration::blind_ns},
      CalibrationField{"finalize_ns", &Calibration::finalize_ns},
      CalibrationField{"client_batch_ns", &Calibration::client_batch_ns},
      CalibrationField{"read_entry_ps", &Calibration::read_entry_ps},
      CalibrationField{"fetch_byte_ps", &Calibration::fetch_byte_ps},
      CalibrationField{"patch_entry_ps", &Calibration::patch_entry_ps},
      CalibrationField{"patch_byte_ps", &Calibration::patch_byte_ps},
      CalibrationField{"serve_run_ns", &Calibration::serve_run_ns},
      CalibrationField{"evaluate_ns", &Calibration::evaluate_ns},
      CalibrationField{"evaluate_batch_ns", &Calibration::evaluate_batch_ns},
      CalibrationField{"serve_byte_ps", &Calibration::serve_byte_ps},
      CalibrationField{"publish_start_ns", &Calibration::publish_start_ns},
      CalibrationField{"publish_row_ns", &Calibration::publish_row_ns},
      CalibrationField{"seal_ns", &Calibration::seal_ns},
      CalibrationField{"kept_row_ns", &Calibration::kept_row_ns},
      CalibrationField{"star_entry_ps", &Calibration::star_entry_ps},
  };
  return kFields;
}

}  // namespace blindbook::model
