// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/mutation.hpp"

namespace test {

/// Puts a fault in force for a while.
class Mutated {
 public:
  explicit Mutated(models::Mutation mutation) { models::active_mutation = mutation; }
  Mutated(const Mutated&) = delete;
  Mutated& operator=(const Mutated&) = delete;
  ~Mutated() { models::active_mutation = models::Mutation::none; }
};

}  // namespace test
