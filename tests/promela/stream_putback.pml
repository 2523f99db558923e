/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The proof of concept as the mail describes it: no repair. See putback.pml.
 */
#include "putback.pml"
