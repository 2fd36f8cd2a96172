#pragma once

#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace blindbook::bench {

/// The main() of a program that measures: prints the object of JSON that `measure` makes of the words of the command line, or
/// what it throws, and gives the status to end with.
template <typename Measure>
int run_program(const char* name, int argc, char** argv, Measure measure) {
  try {
    std::cout << measure(std::vector<std::string>(argv + 1, argv + argc)).dump(2) << std::endl;
  } catch (const std::exception& error) {
    std::cerr << name << ": " << error.what() << "\n";
    return 1;
  }
  return 0;
}

}  // namespace blindbook::bench
