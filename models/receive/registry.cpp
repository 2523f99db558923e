// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>

#include "models/receive/common.hpp"

namespace models {

std::span<const ReceiveAlgorithm> algorithms() {
  static const std::array kAlgorithms = {
      receive::kGeneric,        receive::kStreamPutback,  receive::kStreamInplace,
      receive::kPerPacket,      receive::kStealDiscard,   receive::kMarkInplace,
      receive::kConsumeOnFault, receive::kLinuxBacklog,   receive::kPutbackSblock,
      receive::kPutbackRef,     receive::kPutbackRecheck, receive::kPutbackCharged};
  return kAlgorithms;
}

void adopt(Socket& so, const ReceiveAlgorithm& algorithm) {
  so.flush_rule = algorithm.flush_rule;
  so.socket_lock.used = algorithm.socket_lock;
  so.so_rcv.may_overcommit = algorithm.may_overcommit;
}

const ReceiveAlgorithm* find_algorithm(std::string_view name) {
  const auto all = algorithms();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const ReceiveAlgorithm& a) { return a.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace models
