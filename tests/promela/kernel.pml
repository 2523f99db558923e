/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The system that every algorithm's model shares: one TCP socket's receive buffer, its locks, the
 * lower half, and the two ways to take the buffer away from a reader. Written from the description
 * of FreeBSD's code (docs/model.md gives the facts and how sure they are), not from this project's
 * C++, because it is there to contradict it. docs/spin.md has the verdicts.
 *
 * A model is a file that includes this one and then defines RECEIVE(), one call of soreceive.
 *
 * Knobs, all given with -D:
 *   DISTURB  NONE         nobody interferes
 *            P1           shutdown(SHUT_RD) by a thread with a reference of its own, at any moment
 *            P2           soclose() that no reference of the reader holds off, at any moment once
 *                         the first copyout of the call has begun: tcp_disconnect's flush, sofree
 *            P2_SHUTDOWN  the same, but the in-kernel user shuts the socket down first
 *            P2_FILEREF   close(fd) by another thread; the reader holds the file, as recv(2) does
 *            P4           RST while the descriptor is open: the data in the buffer stays readable
 *   SBLOCK   NO_SBLOCK, FLAG (SB_LOCK/SB_WANT, until May 2007) or SX (since)
 *   ERA      200703 (sorflush: sblock, then socantrcvmore) or 200705 (the other way round)
 *   READS    calls of the reader, default 1
 *   WINDOW   1: the peer fills the advertised window and no more, the buffer holds two mbufs, and a
 *            put-back beyond its limit is a violation. Default 0: the buffer always has room.
 *   TOLERATE_ZOMBIES  1: a put-back into a flushed buffer is let through, to see what follows
 *   MUTATE_...        breaks one thing, so that a search can be seen to find it:
 *     NO_EOF_WAKEUP, NO_DATA_WAKEUP  socantrcvmore, the append do not wake the reader
 *     DROP_BEFORE_COPY               stream_inplace frees first
 *     NO_TAIL_RELINK                 a put-back into an empty buffer leaves sb_mbtail (P7)
 *     EARLY_SBUNLOCK, DISCONNECT_WITHOUT_SBLOCK, SBLOCK_UNDER_INP  putback_sblock by half
 *     EARLY_SORELE                   putback_ref lets go before the copy
 *     NO_RECHECK                     putback_recheck does not look
 *
 * What is modelled. Mutexes with owner and destruction; sx; the flag lock with its sleep; sleeping
 * on sb_cc; mbufs as a linked list with head and tail pointer, each with one byte, whose number in
 * the stream is the mbuf's; sb_cc and sb_hiwat; CANTRCVMORE; so_count, SS_NOFDREF, SS_PROTOREF.
 * Zero to two mbufs lie in the buffer at the start, the lower half brings two segments of one mbuf
 * each, and a read asks for at most two mbufs. Every copy of an mbuf may fault.
 *
 * What is not. sb_mbcnt (proportional to sb_cc here); splitting an mbuf; more than one reader, and
 * hence the flag lock's ignored EINTR and EWOULDBLOCK; priorities; MSG_WAITALL, MSG_PEEK; the
 * accept mutex; recycling of a socket's memory: whoever touches a destroyed lock has failed.
 *
 * Steps. A lock is held from one step to another, so everybody meets it held. What is done under it
 * may be one atomic step with taking it, as nobody can see between, and so may locks taken or
 * released one after the other (a taking moves later, a releasing earlier, and nobody sees it). A
 * copyout is two steps.
 *
 * A violation stops every process (the `provided` clauses), so that each is the first of its run.
 * Partial-order reduction is not sound with `provided`: compile pan with -DNOREDUCE.
 */
#define NONE 0
#define P1 1
#define P2 2
#define P2_SHUTDOWN 3
#define P2_FILEREF 4
#define P4 5
#define NO_SBLOCK 0
#define FLAG 1
#define SX 2

#ifndef DISTURB
#define DISTURB NONE
#endif
#ifndef SBLOCK
#define SBLOCK SX
#endif
#ifndef ERA
#define ERA 200705
#endif
#ifndef READS
#define READS 1
#endif
#ifndef WINDOW
#define WINDOW 0
#endif
#ifndef TOLERATE_ZOMBIES
#define TOLERATE_ZOMBIES 0
#endif

#define PRELOAD 2  /* most mbufs in the buffer at the start */
#define SEGMENTS 2 /* brought by the lower half */
#define RESID 2    /* mbufs a read asks for */
#define MBUFS 5    /* numbers 1..4; 0 is NULL */
#if WINDOW
#define HIWAT 2
#else
#define HIWAT 4
#endif
#define CLOSES (DISTURB == P2 || DISTURB == P2_SHUTDOWN || DISTURB == P2_FILEREF)

/* Each violation is a variable that stays 0 for ever and is no part of the state: it lends its name
 * to the assertion that fails. */
hidden byte
  destroyed_lock,      /* mtx_lock(), mtx_unlock() of a destroyed mutex; sblock of a freed socket */
  destroyed_held_lock, /* sofree destroys a lock that somebody holds */
  lock_not_held,       /* mtx_unlock() by somebody who does not own the mutex */
  putback_flushed,     /* data put back into a buffer that was flushed meanwhile */
  sbflush_panic,       /* sbflush: cc || mb: the counter is not what is linked */
  sbdrop,              /* the same, met while dropping from the head */
  cc_underflow,        /* sb_cc would fall below zero */
  head_changed,        /* generic: another mbuf is at the head after the copy */
  mbuf_use_after_free,
  mbuf_double_free,
  mbuf_leaked,
  stream_gap,          /* the application is given a byte out of order, or after one that is lost */
  stream_lost,         /* bytes that nothing discards are neither delivered nor in the buffer */
  tail_lost,           /* sb_mbtail is not the last mbuf */
  sockbuf_overflow,    /* sb_cc above sb_hiwat */
  lost_wakeup,         /* the reader sleeps although data or EOF is there */
  deadlock;
bit stopped;

/* The assertion comes first, for the assignment stops this process, too. */
#define VIOLATE(name) \
  assert(name); \
  stopped = 1
#define RUNNING (!stopped)

#include "locks.pml"
#include "sockbuf.pml"
#include "close_path.pml"
#include "threads.pml"
