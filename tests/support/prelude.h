#pragma once

// Precompiled in front of every test where no cache of compilers is in use. No test leans on it: with such a cache
// each one includes what it needs.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <tl/expected.hpp>
