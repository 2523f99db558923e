// SPDX-License-Identifier: BSD-2-Clause
#include <zlib.h>

#include "cli/store/store.hpp"
#include "sim/base/assert.hpp"

namespace cli {

std::string compress_report(const std::string& json) {
  uLongf bytes = compressBound(json.size());
  std::string out(bytes, '\0');
  const int code = compress2(reinterpret_cast<Bytef*>(out.data()), &bytes,
                             reinterpret_cast<const Bytef*>(json.data()), json.size(), 1);
  SIM_ASSERT(code == Z_OK, "zlib has the room that it asked for");
  out.resize(bytes);
  return out;
}

std::optional<std::string> expand_report(const std::string& compressed, std::size_t bytes) {
  constexpr std::size_t kMostRatio = 1100;  // zlib's is 1032: more is no reason to take memory
  if (bytes / kMostRatio > compressed.size()) return std::nullopt;
  std::string out(bytes, '\0');
  uLongf got = bytes;
  const int code = uncompress(reinterpret_cast<Bytef*>(out.data()), &got,
                              reinterpret_cast<const Bytef*>(compressed.data()), compressed.size());
  if (code != Z_OK || got != bytes) return std::nullopt;
  return out;
}

}  // namespace cli
