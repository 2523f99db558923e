// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "models/scenario/check.hpp"
#include "models/scenario/nearest.hpp"
#include "models/violations.hpp"

namespace models {
namespace {

/// Lock classes of the simulated kernel: their rows in the report are taken.
constexpr std::array<std::string_view, 4> kKernelLocks = {"so_rcv", "so_rcv_sx", "tcpinp", "tcp"};

class ThreadsChecker {
 public:
  ThreadsChecker(const Document& document, const LoadedScenario& loaded, ErrorList& errors)
      : document_(document), loaded_(loaded), s_(loaded.scenario), errors_(errors) {}

  void run() {
    for (std::size_t i = 0; i < s_.disturb.size(); ++i) {
      check_disturb(s_.disturb[i], "/disturb/" + std::to_string(i));
    }
    check_locks();
    for (std::size_t i = 0; i < s_.threads.size(); ++i) check_group(i);
    check_thread_total();
    for (std::size_t i = 0; i < s_.expect.size(); ++i) {
      check_expect(s_.expect[i], "/expect/" + std::to_string(i));
    }
    const Timeline& t = s_.observe.timeline;
    if (t.to_us && *t.to_us <= t.from_us) {
      fail("/observe/timeline/to_us", number_text(*t.to_us) + " us",
           fmt::format("later than from_us, which is {} us", number_text(t.from_us)));
    }
  }

 private:
  void fail(const std::string& at, std::string found, std::string allowed, std::string hint = {}) {
    errors_.add(document_.error_at(at, std::move(found), std::move(allowed), std::move(hint)));
  }

  void check_disturb(const Disturb& d, const std::string& at) {
    const bool is_fault =
        d.action == DisturbKind::copy_fault || d.action == DisturbKind::page_fault;
    const int sockets = socket_count(s_);
    if (sockets == 0) {
      fail(at, fmt::format("{} without a socket", enum_name(d.action)),
           "a disturbance only with `sockets`");
    } else if (d.socket >= sockets) {
      fail(at + "/socket", std::to_string(d.socket),
           sockets == 1 ? "0: there is one socket"
                        : fmt::format("a socket from 0 to {}", sockets - 1));
    }
    if (d.at_us && d.when) {
      fail(at, "both at_us and when", "exactly one of at_us and when");
    } else if (!d.at_us && !d.when && !is_fault) {
      fail(at, "neither at_us nor when", "exactly one of at_us and when");
    }
    const bool dated = d.at_us || d.when;
    if (is_fault && d.offset_bytes && d.probability) {
      fail(at, "both offset_bytes and probability",
           fmt::format("at most one of offset_bytes and probability, for {}", enum_name(d.action)));
    } else if (is_fault && !d.offset_bytes && !d.probability && !dated) {
      fail(at, "neither offset_bytes nor probability, and no date",
           fmt::format("offset_bytes or probability, or at_us or when: then the next copyout is "
                       "struck, for {}",
                       enum_name(d.action)));
    }
    const double date_us = d.at_us.value_or(d.when ? d.when->after_us : 0.0);
    if (date_us >= s_.duration_ms * 1000.0) {
      fail(at + (d.at_us ? "/at_us" : "/when/after_us"), number_text(date_us) + " us",
           fmt::format("a date before the end of the run, {} us",
                       number_text(s_.duration_ms * 1000.0)));
    }
    check_core(document_, loaded_, at + "/core", d.core, errors_);
    if (d.action == DisturbKind::second_reader) check_second_reader(d, at);
    if (d.action == DisturbKind::signal && d.socket < sockets) check_signal(d, at);
  }

  /// Readers of a socket: the scenario's own, and those that disturbances start.
  int reader_count(int socket) const {
    int count = 0;
    int first = 0;
    for (const SocketSpec& spec : s_.sockets) {
      if (socket >= first && socket < first + spec.count) {
        for (const Reader& reader : spec.readers) count += reader.count;
      }
      first += spec.count;
    }
    for (const Disturb& other : s_.disturb) {
      count += other.action == DisturbKind::second_reader && other.socket == socket ? 1 : 0;
    }
    return count;
  }

  void check_signal(const Disturb& d, const std::string& at) {
    const int readers = reader_count(d.socket);
    if (readers == 0) {
      fail(at, fmt::format("a signal for socket {}, which nobody reads", d.socket),
           "a signal for a socket with a reader");
    } else if (d.reader && *d.reader >= readers) {
      fail(at + "/reader", std::to_string(*d.reader),
           readers == 1 ? "0: the socket has one reader"
                        : fmt::format("a reader from 0 to {}", readers - 1));
    }
  }

  void check_second_reader(const Disturb& d, const std::string& at) {
    const bool free_calls =
        loaded_.costs.net.syscall_ps + loaded_.costs.net.soreceive_setup_ps == 0;
    if (!d.blocking && !d.max_reads && free_calls) {
      fail(at + "/max_reads", "nothing",
           "a number of reads: on this machine one that finds nothing takes no time");
    }
    if (!d.blocking && d.waitall) {
      fail(at + "/waitall", "true", "false, as blocking is false: MSG_DONTWAIT never waits");
    }
  }

  void check_locks() {
    for (std::size_t i = 0; i < s_.locks.size(); ++i) {
      const std::string& name = s_.locks[i].name;
      const std::string at = fmt::format("/locks/{}/name", i);
      if (std::find(kKernelLocks.begin(), kKernelLocks.end(), name) != kKernelLocks.end()) {
        fail(at, quote(name), "a name that no lock of the kernel has");
      }
      for (std::size_t j = 0; j < i; ++j) {
        if (s_.locks[j].name != name) continue;
        fail(at, quote(name), fmt::format("a name that /locks/{} does not have already", j));
        break;
      }
    }
  }

  void check_group(std::size_t index) {
    const ThreadGroup& g = s_.threads[index];
    const std::string at = fmt::format("/threads/{}", index);
    for (std::size_t j = 0; j < index; ++j) {
      if (s_.threads[j].name != g.name) continue;
      fail(at + "/name", quote(g.name),
           fmt::format("a name that /threads/{} does not have already", j));
      break;
    }
    if (g.think_ns.has_value() == g.arrivals_per_s.has_value()) {
      fail(at,
           g.think_ns ? "both think_ns and arrivals_per_s" : "neither think_ns nor arrivals_per_s",
           "exactly one of think_ns (a closed group) and arrivals_per_s (an open one)");
    }
    const bool takes_time = !g.work_ns.always_zero() || !g.hold_ns.always_zero() ||
                            (g.think_ns && !g.think_ns->always_zero());
    if (g.think_ns && !takes_time && !g.loops) {
      fail(at, "rounds that take no time, for ever",
           "think_ns, work_ns or hold_ns above 0, or loops");
    }
    check_core(document_, loaded_, at + "/core", g.core, errors_);
    if (g.lock) check_lock_name(*g.lock, at + "/lock");
  }

  void check_lock_name(const std::string& name, const std::string& at) {
    std::vector<std::string> known;
    for (const LockSpec& lock : s_.locks) known.push_back(lock.name);
    if (std::find(known.begin(), known.end(), name) != known.end()) return;
    fail(at, "the unknown lock " + quote(name),
         known.empty() ? "a lock of `locks`, which has none" : join_names(known),
         suggest(name, known));
  }

  void check_thread_total() {
    constexpr std::int64_t kMostThreads = 65536;
    std::int64_t readers = 0;
    for (const SocketSpec& socket : s_.sockets) {
      for (const Reader& reader : socket.readers)
        readers += std::int64_t{socket.count} * reader.count;
    }
    std::int64_t synthetic = 0;
    for (const ThreadGroup& group : s_.threads) synthetic += group.count;
    const auto complain = [&](const char* at, std::int64_t count) {
      if (count <= kMostThreads) return;
      fail(at, fmt::format("{} threads in all", count),
           fmt::format("at most {} threads", kMostThreads));
    };
    complain("/sockets", readers);
    complain("/threads", synthetic);
  }

  void check_expect(const Expect& e, const std::string& at) {
    if (e.metric.has_value() == e.verdict.has_value()) {
      fail(at, e.metric ? "both metric and verdict" : "neither metric nor verdict",
           "exactly one of metric and verdict");
      return;
    }
    if (e.verdict) {
      check_verdict(e, at);
      return;
    }
    const std::string& path = *e.metric;
    if (path.empty() || path.front() == '.' || path.back() == '.' ||
        path.find("..") != std::string::npos) {
      fail(at + "/metric", quote(path), "a dotted path, like throughput.goodput_gbps");
    }
    if (!e.min && !e.max) fail(at, "neither min nor max", "at least one of them for a metric");
    if (e.min && e.max && *e.min > *e.max) {
      fail(at, fmt::format("min {} above max {}", number_text(*e.min), number_text(*e.max)),
           "min at most max");
    }
  }

  void check_verdict(const Expect& e, const std::string& at) {
    if (e.min || e.max)
      fail(at, e.min ? "min with a verdict" : "max with a verdict", "bounds for a metric only");
    const auto first = std::find_if(s_.expect.begin(), s_.expect.end(),
                                    [](const Expect& other) { return other.verdict.has_value(); });
    if (first->verdict != e.verdict) {
      fail(at + "/verdict", quote(enum_name(*e.verdict)),
           fmt::format("{}, which /expect/{} expects", quote(enum_name(*first->verdict)),
                       first - s_.expect.begin()));
    }
    if (e.kind && e.verdict == Verdict::violation) check_kind(*e.kind, at + "/kind");
  }

  void check_kind(const std::string& kind, const std::string& at) {
    std::vector<std::string> known;
    for (const ViolationKind& item : violation_kinds()) known.emplace_back(item.name);
    if (std::find(known.begin(), known.end(), kind) != known.end()) return;
    fail(at, quote(kind), join_names(known), suggest(kind, known));
  }

  const Document& document_;
  const LoadedScenario& loaded_;
  const Scenario& s_;
  ErrorList& errors_;
};

}  // namespace

void check_threads_and_goals(const Document& document, const LoadedScenario& loaded,
                             ErrorList& errors) {
  ThreadsChecker(document, loaded, errors).run();
}

}  // namespace models
