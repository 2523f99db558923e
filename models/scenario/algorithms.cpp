// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/load.hpp"

namespace models {

std::vector<std::string> algorithm_names() {
  return {"generic", "stream_putback", "stream_inplace"};
}

}  // namespace models
