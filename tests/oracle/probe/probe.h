#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// The field arithmetic of a kernel, lane by lane and limb by limb, for tests at the edges of its bounds, which
/// no point reaches. A value is limbs() words for each lane, lane after lane.
namespace blindbook::oracle {

struct FieldProbe {
  std::string_view name;
  std::size_t lanes;
  std::size_t limbs;
  unsigned (*limb_bits)(std::size_t);
  /// The bounds of the types, in quarters of a full limb.
  unsigned field_quarters;
  unsigned operand_quarters;
  unsigned product_quarters;
  unsigned largest_quarters;

  /// Operands in, the limbs of a Product out.
  void (*multiply)(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out);
  void (*square)(const std::uint64_t* a, std::uint64_t* out);
  /// The largest bound there is, in.
  void (*carry)(const std::uint64_t* a, std::uint64_t* out);
  void (*canonical)(const std::uint64_t* field, std::uint64_t* out);
  /// A bit per lane.
  std::uint64_t (*is_negative)(const std::uint64_t* field);
  std::uint64_t (*is_zero)(const std::uint64_t* field);
  /// Of two fields; of two products; -b of a product.
  void (*subtract)(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out);
  void (*subtract_products)(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out);
  void (*negate_product)(const std::uint64_t* b, std::uint64_t* out);
  /// Lane i takes a where bit i is set, b elsewhere.
  void (*select)(std::uint64_t bits, const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out);

  /// 32 bytes a lane. `count` lanes have an item.
  void (*load_bytes)(const std::uint8_t* bytes, std::size_t stride, std::size_t count, std::uint64_t* out);
  void (*store_bytes)(const std::uint64_t* field, std::size_t stride, std::size_t count, std::uint8_t* bytes);
  std::uint64_t (*are_canonical)(const std::uint8_t* bytes, std::size_t stride, std::size_t count);
  /// Through the memory form, radix 2^51, and back.
  void (*store_and_load)(const std::uint64_t* field, std::uint64_t* memory, std::uint64_t* out);

  /// Row i of a table of eight is the field i + 1 in every limb, in every lane; the look-up starts from a row
  /// of zeros. Gives limb 0 of each lane, and whether all limbs agree.
  bool (*look_up)(const std::int8_t* digits, std::size_t stride, std::size_t count, std::uint64_t* magnitudes,
                  std::uint64_t* negative_bits);
  /// The same for sixteen public rows.
  bool (*look_up_public)(const std::int8_t* digits, std::size_t count, std::uint64_t* magnitudes);
};

/// Those of this build that this machine can run.
[[nodiscard]] std::vector<const FieldProbe*> field_probes();

}  // namespace blindbook::oracle
