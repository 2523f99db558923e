/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Repair 1: sblock is held over the copy, and every flusher takes it, tcp_disconnect included.
 *
 * Held to the very end of the call: pru_rcvd outside it would lock the tcpinp of a socket that the
 * waiting closer may by then have freed. Hence the lock order sblock, tcpinp; and hence
 * tcp_disconnect has to take sblock before `tcp` and tcpinp (MUTATE_SBLOCK_UNDER_INP shows the
 * deadlock otherwise). As sorflush of May 2007 does, it first sets CANTRCVMORE and wakes, for the
 * reader may sleep with sblock held. No reference is added: sofree is kept off because soclose
 * has to get through tcp_disconnect before. With NO_SBLOCK this is the mail's original.
 */
#define HOLD_SBLOCK
#define FLUSHERS_SBLOCK
#include "putback.pml"
