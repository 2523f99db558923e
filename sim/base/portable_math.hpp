// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// Elementary functions that give the same bits with every C library and at every optimiser
// level, because they use nothing but IEEE 754 + - * / sqrt, scaling by powers of two and
// comparison. The C library's log() and exp() differ in the last bit between versions, and one
// such bit reorders a whole simulation. Needs -ffp-contract=off where the machine has a fused
// multiply-add (a golden-value test notices when it is missing).

namespace sim {

/// Natural logarithm, relative error below 1e-15. log(0) = -inf, log(negative or NaN) = NaN.
double portable_log(double x);

/// e to the x, relative error below 1e-15 (above the subnormal range). Overflow gives +inf,
/// underflow 0.
double portable_exp(double x);

/// The standard normal quantile: the z with P(Z <= z) = p. Relative error below 1e-14.
/// p outside (0, 1) gives -inf, +inf at the ends and NaN beyond. Wichura, algorithm AS 241.
double portable_normal_quantile(double p);

}  // namespace sim
