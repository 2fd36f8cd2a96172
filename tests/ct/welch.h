#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

/// Whether two classes of inputs take the same time, after Reparaz, Balasch and Verbauwhede, "Dude, is my code constant
/// time?" (2017).
namespace blindbook::ct {

struct Sample {
  bool fixed;  ///< the input was the same as in all others of its class, not a random one
  double time;
};

/// Welch's t of the times up to `longest`: the difference of the classes' means in units of its own standard error.
/// Needs two times in each class.
inline double welch_t(const std::vector<Sample>& samples, double longest) {
  struct Class {
    double count = 0;
    double mean = 0;
    double squares = 0;  // sum of squared distances from the mean, after Welford
  };
  std::array<Class, 2> classes;
  for (const Sample& sample : samples) {
    if (sample.time <= longest) {
      Class& c = classes.at(sample.fixed ? 1 : 0);
      c.count += 1;
      const double distance = sample.time - c.mean;
      c.mean += distance / c.count;
      c.squares += distance * (sample.time - c.mean);
    }
  }
  double variance = 0;
  for (const Class& c : classes) {
    variance += c.squares / (c.count - 1) / c.count;
  }
  return (classes[1].mean - classes[0].mean) / std::sqrt(variance);
}

/// The time that `share` of the samples do not exceed, whatever their class.
inline double quantile(const std::vector<Sample>& samples, double share) {
  std::vector<double> times;
  times.reserve(samples.size());
  for (const Sample& sample : samples) {
    times.push_back(sample.time);
  }
  std::sort(times.begin(), times.end());
  const auto last = static_cast<double>(times.size() - 1);
  return times.at(static_cast<std::size_t>(share * last));
}

}  // namespace blindbook::ct
