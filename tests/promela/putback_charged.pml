/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Repair 4: the detached chain stays charged to sb_cc until its mbufs are freed, which takes so_rcv
 * once more; a put-back relinks without charging again.
 *
 * The window no longer grows early (WINDOW=1). But a flush now finds a counter that is more than
 * what is linked, which is what sbflush's assertion is there for: the close or the shutdown fails
 * in the midst of every copy, whether that faults or not.
 */
#define KEEP_CHARGED
#include "putback.pml"
