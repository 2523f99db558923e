// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/types.h>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {

/// Child processes that answer questions, each in the order in which it was asked. They end with
/// the object, and by themselves when this process dies.
class Workers {
 public:
  using Serve = std::function<std::string(std::string_view question)>;

  /// Forks `count` >= 1 children; `serve` runs in them. What it throws ends the child with the
  /// exception's text, which receive() throws as InternalError here. Throws std::system_error when
  /// the system has no process left.
  Workers(int count, const Serve& serve);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  std::size_t count() const { return children_.size(); }
  /// Questions that the worker has not answered yet.
  std::size_t open(std::size_t worker) const { return children_[worker].open; }
  /// Questions wait in the worker's pipe: keep their number and size small.
  void ask(std::size_t worker, std::string_view question);
  /// Waits up to `timeout_ms` for an answer: who gave it, and what. No worker: none came.
  std::pair<std::size_t, std::string> receive(int timeout_ms);
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

 private:
  struct Child {
    pid_t pid = -1;
    int socket = -1;
    std::size_t open = 0;
  };
  [[noreturn]] void serve_until_closed(int socket, const Serve& serve);

  std::vector<Child> children_;
};

}  // namespace sim
