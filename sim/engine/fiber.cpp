// SPDX-License-Identifier: BSD-2-Clause
#include "sim/engine/fiber.hpp"

#include <cxxabi.h>

#include <boost/context/preallocated.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <boost/context/stack_traits.hpp>
#include <memory>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace sim {
namespace {

/// Boost.Context's stacks as they are asked for; whoever destroys the fiber gives them back.
struct KeptStack {
  static void deallocate(boost::context::stack_context& /*stack*/) noexcept {}
};

/// The sanitizer's redzones make frames several times as large.
constexpr std::size_t stack_factor() {
#if defined(__SANITIZE_ADDRESS__)
  return 4;
#else
  return 1;
#endif
}

/// Stacks that fibers gave back, for the next ones: to map a stack and to touch its first page
/// costs as much as hundreds of switches, and a short search is not much longer.
class SpareStacks {
 public:
  using StackContext = boost::context::stack_context;

  SpareStacks() = default;
  SpareStacks(const SpareStacks&) = delete;
  SpareStacks& operator=(const SpareStacks&) = delete;
  ~SpareStacks() {
    for (StackContext& stack : spare_) unmap(stack);
  }

  /// With `bytes` to use, rounded up to whole pages, and a page more that faults.
  StackContext take(std::size_t bytes) {
    const std::size_t page = boost::context::stack_traits::page_size();
    const std::size_t whole = ((bytes + page - 1) / page + 1) * page;
    for (StackContext& stack : spare_) {
      if (stack.size != whole) continue;
      const StackContext taken = std::exchange(stack, spare_.back());
      spare_.pop_back();
      return taken;
    }
    return boost::context::protected_fixedsize_stack(bytes).allocate();
  }

  void give_back(StackContext& stack) {
    if (spare_.size() < kMost) {
      spare_.push_back(stack);
    } else {
      unmap(stack);
    }
  }

 private:
  static constexpr std::size_t kMost = 16;  ///< an exploration has no more threads

  static void unmap(StackContext& stack) {
    boost::context::protected_fixedsize_stack().deallocate(stack);
  }

  std::vector<StackContext> spare_;
};

thread_local SpareStacks spare_stacks;

}  // namespace

Fiber::Fiber(std::size_t stack_bytes)
    : thread_exceptions_(reinterpret_cast<ExceptionState*>(abi::__cxa_get_globals())),
      stack_(spare_stacks.take(stack_bytes * stack_factor())) {
  own_stack_ = {static_cast<const char*>(stack_.sp) - stack_.size, stack_.size};
}

Fiber::~Fiber() {
  forget_context();
  spare_stacks.give_back(stack_);
}

void Fiber::make_context() {
  context_ =
      Context(std::allocator_arg, boost::context::preallocated(stack_.sp, stack_.size, stack_),
              KeptStack{}, [this](Context&& from) {
                bodies(std::move(from));
                return Context();
              });
}

void Fiber::bodies(Context&& from) noexcept {
  back_in_body(nullptr);
  *arrival_ = std::move(from);
  for (;;) {
    entry_(argument_);
    state_ = State::finished;
    back_to_caller();
  }
}

void Fiber::abandon() noexcept {
  if (state_ != State::suspended) return;
  forget_context();
  exceptions_ = {};
  state_ = State::finished;
}

/// The context owns nothing but its place on the stack, and destroying it would unwind the body.
void Fiber::forget_context() noexcept {
  std::construct_at(&context_);
#if defined(__SANITIZE_ADDRESS__)
  // What the frames that are forgotten had poisoned.
  __asan_unpoison_memory_region(static_cast<const char*>(stack_.sp) - stack_.size, stack_.size);
#endif
}

#if defined(__SANITIZE_ADDRESS__)

void Fiber::leave_for(const StackRange& to, void** own_fakes) {
  __sanitizer_start_switch_fiber(own_fakes, to.bottom, to.bytes);
}

void Fiber::back_in_caller(void* own_fakes) {
  __sanitizer_finish_switch_fiber(own_fakes, nullptr, nullptr);
}

void Fiber::back_in_body(void* own_fakes) {
  StackRange left;
  __sanitizer_finish_switch_fiber(own_fakes, &left.bottom, &left.bytes);
  if (arrival_ == &caller_) caller_stack_ = left;  // otherwise another fiber handed over
}

#endif

}  // namespace sim
