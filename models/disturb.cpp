// SPDX-License-Identifier: BSD-2-Clause
#include "models/disturb.hpp"

#include <algorithm>
#include <utility>

#include "models/close_path.hpp"
#include "sim/base/assert.hpp"

namespace models {
namespace {

using Event = SockbufObserver::Event;

CopyTrouble trouble_from(const Disturb& spec) {
  CopyTrouble trouble;
  trouble.kind = spec.action == DisturbKind::copy_fault ? CopyTrouble::Kind::fault
                                                        : CopyTrouble::Kind::page_fault;
  trouble.offset = spec.offset_bytes;
  trouble.probability = spec.probability;
  trouble.sleep_ps = sim::from_us(spec.sleep_us);
  trouble.active = !spec.at_us && !spec.when;
  return trouble;
}

const char* thread_name(DisturbKind kind) {
  switch (kind) {
    case DisturbKind::shutdown_rd:
      return "shutdown";
    case DisturbKind::close:
      return "close";
    default:
      return "kernel_close";
  }
}

}  // namespace

bool is_trouble(DisturbKind kind) {
  return kind == DisturbKind::copy_fault || kind == DisturbKind::page_fault;
}

SockbufObserver::Event event_of(TriggerEvent trigger) {
  switch (trigger) {
    case TriggerEvent::first_copyout:
    case TriggerEvent::nth_copyout:
      return Event::copyout;
    case TriggerEvent::first_append:
    case TriggerEvent::nth_append:
      return Event::append;
    case TriggerEvent::first_sbwait:
    case TriggerEvent::nth_sbwait:
      return Event::sbwait;
    case TriggerEvent::first_read:
    case TriggerEvent::nth_read:
      return Event::read;
  }
  return Event::copyout;
}

std::int64_t wanted_count(const Trigger& trigger) {
  switch (trigger.event) {
    case TriggerEvent::first_copyout:
    case TriggerEvent::first_append:
    case TriggerEvent::first_sbwait:
    case TriggerEvent::first_read:
      return 1;
    default:
      return trigger.n;
  }
}

void perform(const Disturb& spec, sim::KernelOps& k, Socket& so) {
  if (spec.action != DisturbKind::kernel_close) {
    k.spend(sim::Work::syscall, so.so_rcv.costs().syscall_ps);
  }
  switch (spec.action) {
    case DisturbKind::shutdown_rd:
      if (!fget(k, so)) return;
      soshutdown_rd(k, so);
      fdrop(k, so);
      return;
    case DisturbKind::close:
      return spec.file_ref ? close_descriptor(k, so) : close_uncounted(k, so);
    case DisturbKind::kernel_close:
      return kernel_close(k, so);
    default:
      SIM_ASSERT(false, "this disturbance is no thread's");
  }
}

/// Listens to one socket's buffer.
class Disturbances::Watcher final : public SockbufObserver {
 public:
  /// `next` hears everything, too; null: nobody does.
  Watcher(Disturbances& owner, int socket, SockbufObserver* next)
      : owner_(owner), socket_(socket), next_(next) {}
  void happened(sim::KernelOps& k, Event event) override {
    if (next_ != nullptr) next_->happened(k, event);
    owner_.happened(k, socket_, event);
  }
  SockbufObserver* next() const { return next_; }

 private:
  Disturbances& owner_;
  int socket_;
  SockbufObserver* next_;
};

Disturbances::Disturbances(const std::vector<Disturb>& specs, DisturbEnvironment environment)
    : env_(std::move(environment)), watchers_(env_.sockets.size()) {
  SIM_ASSERT(env_.hardware != nullptr && env_.troubles.size() == env_.sockets.size(),
             "disturbances need the hardware, and a list of troubles for each socket");
  for (const Disturb& spec : specs) {
    SIM_ASSERT(spec.socket >= 0 && static_cast<std::size_t>(spec.socket) < env_.sockets.size(),
               "a disturbance names a socket that is not there");
    auto& entry = *entries_.emplace_back(std::make_unique<Entry>());
    entry.spec = spec;
    const auto index = static_cast<std::size_t>(spec.socket);
    if (is_trouble(spec.action)) entry.trouble = env_.troubles[index]->add(trouble_from(spec));
    if (spec.action == DisturbKind::second_reader) {
      ReaderConfig config = ReaderConfig::from(spec);
      config.algorithm = env_.algorithm;
      entry.reader = std::make_unique<ReaderThread>(*env_.sockets[index], std::move(config),
                                                    env_.troubles[index]);
    }
    arm(entry);
  }
}

Disturbances::~Disturbances() {
  for (std::size_t i = 0; i < watchers_.size(); ++i) {
    if (watchers_[i] && env_.sockets[i]->so_rcv.observer == watchers_[i].get()) {
      env_.sockets[i]->so_rcv.observer = watchers_[i]->next();
    }
  }
}

void Disturbances::arm(Entry& entry) {
  if (entry.spec.when) {
    entry.waiting = true;
    const auto index = static_cast<std::size_t>(entry.spec.socket);
    Sockbuf& so_rcv = env_.sockets[index]->so_rcv;
    if (!watchers_[index]) {
      watchers_[index] = std::make_unique<Watcher>(*this, entry.spec.socket, so_rcv.observer);
    }
    so_rcv.observer = watchers_[index].get();
  } else if (entry.spec.at_us) {
    env_.hardware->at(sim::from_us(*entry.spec.at_us), [this, &entry] { fire(entry); });
  } else if (!is_trouble(entry.spec.action)) {
    env_.hardware->at(env_.hardware->now(), [this, &entry] { fire(entry); });
  }  // else a trouble that is active from the start
}

void Disturbances::happened(sim::KernelOps& k, int socket, Event event) {
  for (const auto& pointer : entries_) {
    Entry& entry = *pointer;
    if (!entry.waiting || entry.spec.socket != socket) continue;
    const Trigger& trigger = *entry.spec.when;
    if (event_of(trigger.event) != event) continue;
    const sim::Picoseconds now = k.now();
    if (now < sim::from_us(trigger.after_us)) continue;
    if (++entry.seen < wanted_count(trigger)) continue;
    entry.waiting = false;
    if (trigger.delay_ns > 0.0) {
      const sim::Picoseconds date =
          std::max(now, env_.hardware->now()) + sim::from_ns(trigger.delay_ns);
      env_.hardware->at(date, [this, &entry] { fire(entry); });
    } else {
      fire(entry);
    }
  }
  stop_watching_if_done(socket);
}

void Disturbances::stop_watching_if_done(int socket) {
  const bool waits = std::any_of(entries_.begin(), entries_.end(), [&](const auto& entry) {
    return entry->waiting && entry->spec.socket == socket;
  });
  const auto index = static_cast<std::size_t>(socket);
  if (!waits) env_.sockets[index]->so_rcv.observer = watchers_[index]->next();
}

sim::ThreadId Disturbances::spawn(const Entry& entry, std::string name,
                                  std::function<void(sim::KernelOps&)> body) {
  sim::ThreadSpec spec;
  spec.name = std::move(name);
  spec.core = entry.spec.core.value_or(-1);
  spec.daemon = entry.spec.action == DisturbKind::second_reader;  // as other readers
  return env_.hardware->spawn(std::move(spec), std::move(body));
}

void Disturbances::send_signal(const Disturb& spec) {
  std::vector<std::optional<sim::ThreadId>> readers;
  for (const sim::ThreadId thread : env_.readers(spec.socket)) readers.emplace_back(thread);
  for (const auto& entry : entries_) {
    if (entry->reader && entry->spec.socket == spec.socket) readers.push_back(entry->thread);
  }
  for (std::size_t i = 0; i < readers.size(); ++i) {
    const bool meant = !spec.reader || static_cast<std::size_t>(*spec.reader) == i;
    if (meant && readers[i]) env_.hardware->interrupt_sleep(*readers[i]);
  }
}

void Disturbances::fire(Entry& entry) {
  ++fired_;
  entry.fired = true;
  const auto index = static_cast<std::size_t>(entry.spec.socket);
  Socket& so = *env_.sockets[index];
  switch (entry.spec.action) {
    case DisturbKind::shutdown_rd:
    case DisturbKind::close:
    case DisturbKind::kernel_close:
      spawn(entry, thread_name(entry.spec.action), [&entry, &so](sim::KernelOps& k) {
        entry.called_ps = k.now();
        perform(entry.spec, k, so);
        entry.latency_ps = k.now() - entry.called_ps;
        entry.finished = true;
      });
      break;
    case DisturbKind::rst:
      env_.inject(entry.spec.socket, true);
      break;
    case DisturbKind::fin:
      env_.inject(entry.spec.socket, false);
      break;
    case DisturbKind::copy_fault:
    case DisturbKind::page_fault:
      env_.troubles[index]->at(entry.trouble).active = true;
      break;
    case DisturbKind::second_reader:
      entry.thread =
          spawn(entry, "second_reader", [&entry](sim::KernelOps& k) { entry.reader->run(k); });
      break;
    case DisturbKind::signal:
      send_signal(entry.spec);
      break;
  }
}

std::vector<Disturbances::Outcome> Disturbances::outcomes() const {
  std::vector<Outcome> outcomes;
  outcomes.reserve(entries_.size());
  for (const auto& entry : entries_) {
    const bool hangs = entry->called_ps >= 0 && !entry->finished;
    outcomes.push_back({enum_name(entry->spec.action), entry->fired, entry->finished,
                        hangs ? env_.hardware->now() - entry->called_ps : entry->latency_ps});
  }
  return outcomes;
}

std::vector<ReaderThread*> Disturbances::second_readers() const {
  std::vector<ReaderThread*> readers;
  for (const auto& entry : entries_) {
    if (entry->reader) readers.push_back(entry->reader.get());
  }
  return readers;
}

}  // namespace models
