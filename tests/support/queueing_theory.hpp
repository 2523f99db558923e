// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

/// Closed forms that the machine is held against. Times and rates are in any one unit; S is a mean
/// service or hold, lambda a rate of arrivals, rho = lambda * S. Written from the textbook forms,
/// and knowing nothing of the simulator.
namespace theory {

// --- one server, Poisson arrivals ----------------------------------------------------------------

/// Mean wait in M/G/1 from the first two moments of the service (Pollaczek and Khinchine).
inline double mg1_wait(double lambda, double mean, double second_moment) {
  return lambda * second_moment / (2.0 * (1.0 - lambda * mean));
}

inline double mm1_wait(double lambda, double s) { return mg1_wait(lambda, s, 2.0 * s * s); }
inline double mm1_number(double rho) { return rho / (1.0 - rho); }
inline double mm1_number_at_least(double rho, int n) { return std::pow(rho, n); }
inline double mm1_wait_exceeds(double lambda, double s, double t) {
  return lambda * s * std::exp(-(1.0 / s - lambda) * t);
}
/// p-quantile of the time from arrival to departure.
inline double mm1_response_quantile(double lambda, double s, double p) {
  return -std::log(1.0 - p) / (1.0 / s - lambda);
}

inline double md1_wait(double lambda, double s) { return mg1_wait(lambda, s, s * s); }
inline double md1_p1(double rho) { return (1.0 - rho) * std::expm1(rho); }
inline double md1_p2(double rho) {
  return (1.0 - rho) * std::exp(rho) * (std::exp(rho) - 1.0 - rho);
}

/// Share of arrivals that M/M/1/K (K in the system at most) turns away.
inline double mm1k_blocking(double rho, int k) {
  double sum = 0.0;
  for (int i = 0; i <= k; ++i) sum += std::pow(rho, i);
  return std::pow(rho, k) / sum;
}

/// Mean wait when batches of exactly `size` arrive at rate lambda_b; constant service.
inline double batch_wait(double lambda_b, double size, double s) {
  const double rho = lambda_b * size * s;
  return lambda_b * size * s * s / (2.0 * (1.0 - rho)) +
         (size * size - size) * s / (2.0 * size * (1.0 - rho));
}

// --- several servers -----------------------------------------------------------------------------

/// P(an arrival waits) in M/M/c with offered load a = lambda * S < c (Erlang C).
inline double erlang_c(int c, double a) {
  double term = 1.0;
  double sum = 0.0;
  for (int k = 0; k < c; ++k) {
    sum += term;
    term *= a / (k + 1);
  }
  const double all_busy = term * c / (c - a);
  return all_busy / (sum + all_busy);
}
inline double mmc_wait(int c, double lambda, double s) {
  return erlang_c(c, lambda * s) / (c / s - lambda);
}

// --- priorities, constant services ---------------------------------------------------------------

struct PriorityClass {
  double lambda;
  double s;
};
struct TwoResponses {
  double high;
  double low;
};

/// Response times when `high` preempts `low`, which resumes where it was.
inline TwoResponses preemptive(PriorityClass high, PriorityClass low) {
  const double rho1 = high.lambda * high.s;
  const double rho = rho1 + low.lambda * low.s;
  const double second1 = high.lambda * high.s * high.s;
  const double second = second1 + low.lambda * low.s * low.s;
  return {high.s + second1 / (2.0 * (1.0 - rho1)),
          (low.s * (1.0 - rho) + second / 2.0) / ((1.0 - rho1) * (1.0 - rho))};
}

/// The same when a service that began is always finished.
inline TwoResponses non_preemptive(PriorityClass high, PriorityClass low) {
  const double rho1 = high.lambda * high.s;
  const double rho = rho1 + low.lambda * low.s;
  const double w0 = (high.lambda * high.s * high.s + low.lambda * low.s * low.s) / 2.0;
  return {high.s + w0 / (1.0 - rho1), low.s + w0 / ((1.0 - rho1) * (1.0 - rho))};
}

// --- closed: n threads that think Z and hold one FIFO lock for S ---------------------------------

struct Closed {
  double throughput;  ///< X
  double utilisation;
  double number;  ///< holding or waiting
  double wait;    ///< in the queue
  double contended;
};

/// Exponential holds, thinking of any distribution (mean-value analysis). An arrival sees the
/// system with one thread fewer, hence `contended`.
inline Closed repairman(int n, double z, double s) {
  Closed now{};
  for (int i = 1; i <= n; ++i) {
    const double response = s * (1.0 + now.number);
    const double x = i / (z + response);
    now = {x, x * s, x * response, response - s, now.utilisation};
  }
  return now;
}

/// Constant think and hold, once the threads have fallen into step.
inline Closed deterministic(int n, double z, double s) {
  const double x = std::min(n / (z + s), 1.0 / s);
  const double wait = std::max(0.0, n * s - (z + s));
  return {x, x * s, x * (wait + s), wait, wait > 0.0 ? 1.0 : 0.0};
}

/// A hold time by its mean and its Laplace transform E exp(-x H).
struct Hold {
  double mean;
  std::function<double(double)> transform;
};
inline Hold exponential_hold(double mean) {
  return {mean, [mean](double x) { return 1.0 / (1.0 + mean * x); }};
}
inline Hold constant_hold(double d) {
  return {d, [d](double x) { return std::exp(-d * x); }};
}
inline Hold uniform_hold(double a, double b) {
  return {(a + b) / 2.0,
          [a, b](double x) { return (std::exp(-a * x) - std::exp(-b * x)) / ((b - a) * x); }};
}
inline Hold choice_hold(double v, double p, double w) {
  return {p * v + (1.0 - p) * w,
          [=](double x) { return p * std::exp(-v * x) + (1.0 - p) * std::exp(-w * x); }};
}

struct TwoThreads {
  double x_a, x_b;
  double contended_a, contended_b;
  double wait_a, wait_b;
  double utilisation;
};

/// Two unlike threads on one FIFO lock: exponential thinking of mean z, holds of any distribution.
/// Exact: the sequence of owners is a Markov chain.
inline TwoThreads two_threads(double z_a, const Hold& a, double z_b, const Hold& b) {
  const double rate_a = 1.0 / z_a;
  const double rate_b = 1.0 / z_b;
  const double quiet_a = a.transform(rate_b);  // B does not come while A holds
  const double quiet_b = b.transform(rate_a);
  const double a_then_b = 1.0 - quiet_a + quiet_a * rate_b / (rate_a + rate_b);
  const double b_then_a = 1.0 - quiet_b + quiet_b * rate_a / (rate_a + rate_b);
  const double pi_a = b_then_a / (a_then_b + b_then_a);
  const double pi_b = 1.0 - pi_a;
  const double cycle =
      pi_a * (a.mean + quiet_a / (rate_a + rate_b)) + pi_b * (b.mean + quiet_b / (rate_a + rate_b));
  return {pi_a / cycle,
          pi_b / cycle,
          pi_b * (1.0 - quiet_b) / pi_a,
          pi_a * (1.0 - quiet_a) / pi_b,
          pi_b * (b.mean - (1.0 - quiet_b) / rate_a) / pi_a,
          pi_a * (a.mean - (1.0 - quiet_a) / rate_b) / pi_b,
          (pi_a * a.mean + pi_b * b.mean) / cycle};
}

/// n cores share a ticket lock: think a, hold s, each waiter adds c/2 to the holder's time
/// (Boyd-Wickizer et al., OLS 2012). How many cores' worth of work outside the lock gets done.
inline double ticket_speedup(int n, double a, double s, double c) {
  std::vector<double> log_weight{0.0};
  for (int k = 1; k <= n; ++k) {
    log_weight.push_back(log_weight.back() + std::log((n - k + 1) / a * (s + c * k / 2.0)));
  }
  const double top = *std::max_element(log_weight.begin(), log_weight.end());
  double sum = 0.0;
  double number = 0.0;
  for (int k = 0; k <= n; ++k) {
    const double weight = std::exp(log_weight[static_cast<std::size_t>(k)] - top);
    sum += weight;
    number += k * weight;
  }
  return n - number / sum;
}

// --- interrupts ----------------------------------------------------------------------------------

struct Moderation {
  double rate;   ///< interrupts
  double batch;  ///< frames an interrupt
  double delay;  ///< of a frame, mean
};

/// T after the first frame; Poisson frames at rate lambda, served at once.
inline Moderation moderation_timer(double lambda, double t) {
  return {lambda / (1.0 + lambda * t), 1.0 + lambda * t,
          t * (1.0 + lambda * t / 2.0) / (1.0 + lambda * t)};
}
/// At once, but never less than T after the last one.
inline Moderation moderation_throttle(double lambda, double t) {
  const double idle = std::exp(-lambda * t);
  const double batch = lambda * t + idle;
  return {1.0 / (t + idle / lambda), batch, lambda * t * (t / 2.0) / batch};
}
/// With every n-th frame.
inline Moderation moderation_count(double lambda, double n) {
  return {lambda / n, n, (n - 1.0) / (2.0 * lambda)};
}
/// T after the first of frames that come every tau.
inline double constant_rate_batch(double tau, double t) { return 1.0 + std::floor(t / tau); }

/// Packets that get through when each costs ti of interrupt work and, at lower priority, ts.
inline double livelock(double lambda, double ti, double ts) {
  return std::min(lambda, std::max(0.0, (1.0 - lambda * ti) / ts));
}

// --- the wire ------------------------------------------------------------------------------------

inline constexpr double kFraming = 14.0 + 4.0 + 8.0 + 12.0;  ///< header, FCS, preamble, gap
inline double line_rate_pps(double gbps, double mtu) {
  return gbps * 1e9 / (8.0 * (mtu + kFraming));
}
inline double line_rate_goodput_gbps(double gbps, double mtu, bool timestamps) {
  return gbps * (mtu - 40.0 - (timestamps ? 12.0 : 0.0)) / (mtu + kFraming);
}

}  // namespace theory
