// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// JSON Schema (2020-12), as much of it as the program's own schemas need.
namespace tests {

/// What both functions below return when there is nothing to say.
inline const std::vector<std::string> kNoComplaint;

/// Where `value` is not as `schema` wants it, a line each; empty: it is valid. Stricter than the
/// standard in two respects: a member that `properties` does not name is an error unless
/// `additionalProperties` allows it, and so is a keyword that is not known here.
std::vector<std::string> schema_errors(const nlohmann::ordered_json& value,
                                       const nlohmann::ordered_json& schema,
                                       const std::string& at = "");

/// Which parts of a schema say too little, a line each: a member without type or description, and
/// an object whose `required` is not all of its members, in their order, but for arrays of at least
/// one item, which may be left out. Looks not into `except`, a pointer of the values.
std::vector<std::string> schema_gaps(const nlohmann::ordered_json& schema,
                                     const std::string& except = "-", const std::string& at = "");

}  // namespace tests
