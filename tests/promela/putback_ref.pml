/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Repair 2: soref() at the start of the call and sorele() at its end, both under so_rcv; sofree
 * frees when the last reference goes, and the reader's sorele does it when the closer came first.
 *
 * Nothing else changes. The socket's memory and locks survive the call, the buffer's contents do
 * not: a flush finds the buffer without the private chain, and the chain is put back behind it.
 * That is a violation under P1, where the buffer has no room any more and the application was
 * promised EOF. Under P2 it is one by name only: with TOLERATE_ZOMBIES SPIN finds that the data
 * put back goes unread and is freed by tcp_disconnect's second flush or by sofree.
 */
#define HOLD_SOCKET
#include "putback.pml"
