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

/* ---- Locks ----------------------------------------------------------------------------------- */
typedef lock_t {
  byte owner;    /* _pid + 1, or 0 */
  bit destroyed
};
lock_t so_rcv;  /* the mutex of the receive buffer, and SOCK_LOCK */
lock_t tcp;     /* tcbinfo; never destroyed */
lock_t tcpinp;
lock_t sx;      /* sblock of May 2007 */
bit sb_lock;    /* sblock before: SB_LOCK */
bit sb_want;    /* SB_WANT */
bit flag_sleeper[4]; /* asleep on sb_flags, by _pid */

inline LOCK(l) {
  atomic {
    (l.owner == 0 || l.destroyed);
    if
    :: l.destroyed -> VIOLATE(destroyed_lock)
    :: else -> l.owner = _pid + 1
    fi
  }
}

inline UNLOCK(l) {
  atomic {
    if
    :: l.destroyed -> VIOLATE(destroyed_lock)
    :: !l.destroyed && l.owner != _pid + 1 -> VIOLATE(lock_not_held)
    :: else -> l.owner = 0
    fi
  }
}

inline DESTROY(l) {
  atomic {
    if
    :: l.owner != 0 -> VIOLATE(destroyed_held_lock)
    :: else -> l.destroyed = 1
    fi
  }
}

/* The flag lock, under so_rcv, which sleeping releases. */
inline FLAG_SBLOCK() {
  do
  :: sb_lock ->
     atomic { sb_want = 1; flag_sleeper[_pid] = 1; so_rcv.owner = 0 };
     !flag_sleeper[_pid];
     LOCK(so_rcv)
  :: else -> sb_lock = 1; break
  od
}

inline FLAG_SBUNLOCK() {
  d_step {
    sb_lock = 0;
    if
    :: sb_want ->
       sb_want = 0;
       flag_sleeper[0] = 0; flag_sleeper[1] = 0; flag_sleeper[2] = 0; flag_sleeper[3] = 0
    :: else
    fi
  }
}

/* sblock and so_rcv, in the order of the time: on entry to and on exit from a receive routine. */
inline ENTER() {
#if SBLOCK == SX
  LOCK(sx);
#endif
  LOCK(so_rcv);
#if SBLOCK == FLAG
  FLAG_SBLOCK();
#endif
}

inline LEAVE() {
#if SBLOCK == FLAG
  FLAG_SBUNLOCK();
#endif
  UNLOCK(so_rcv);
#if SBLOCK == SX
  UNLOCK(sx);
#endif
}

/* sblock alone, for those who come without so_rcv. */
inline TAKE_SBLOCK() {
#if SBLOCK == SX
  LOCK(sx);
#elif SBLOCK == FLAG
  LOCK(so_rcv);
  FLAG_SBLOCK();
  UNLOCK(so_rcv);
#endif
  skip
}

inline DROP_SBLOCK() {
#if SBLOCK == SX
  UNLOCK(sx);
#elif SBLOCK == FLAG
  LOCK(so_rcv);
  FLAG_SBUNLOCK();
  UNLOCK(so_rcv);
#endif
  skip
}

/* ---- The socket ------------------------------------------------------------------------------ */
bit m_live[MBUFS];
byte m_next[MBUFS];
byte sb_mb, sb_mbtail;
byte sb_cc;
byte sb_hiwat = HIWAT;
bit sb_wait;       /* SB_WAIT */
bit cc_sleeper;    /* the reader sleeps on sb_cc */
bit cantrcvmore;
bit flushed;       /* the model's own memory: emptied by a flush */
bit freed;         /* by sofree */
byte so_count = 1; /* the file's */
bit nofdref, protoref;
bit inp_detached;
bit tcp_closed;
bit so_closed;     /* soclose has returned */
byte f_count = 1;  /* file references: the descriptor's */
bit fd_open = 1;

bit ready;         /* the start state has been chosen */
byte segment;      /* the last byte that has arrived or lies in the buffer at the start */
byte appended;     /* the last byte that was put into the buffer */
byte expect = 1;   /* the byte that the application must be given next */
bit copy_begun;    /* the first copyout has started */
bit reader_done, lower_done, disturber_done;
bit awaits_window; /* the peer waits for room: a legitimate end */

hidden byte walk, last, count; /* scratch within one atomic step */

inline WAKE_READER() {
  d_step {
    if
    :: sb_wait -> sb_wait = 0; cc_sleeper = 0
    :: else
    fi
  }
}

/* Touches an mbuf. */
inline USE(m) {
  if
  :: !m_live[m] -> VIOLATE(mbuf_use_after_free)
  :: else
  fi
}

inline M_FREE(m) {
  atomic {
    if
    :: !m_live[m] -> VIOLATE(mbuf_double_free)
    :: else -> m_live[m] = 0
    fi
  }
}

/* m_freem of a private chain, one mbuf a step. An inline of Promela has no variables of its own:
 * every process that calls this has a `doomed`, the chain, and a `next_doomed`. */
inline M_FREEM() {
  do
  :: doomed != 0 -> next_doomed = m_next[doomed]; M_FREE(doomed); doomed = next_doomed
  :: else -> break
  od;
  next_doomed = 0
}

/* What sbflush's and SBLASTMBUFCHK's assertions compare. Within an atomic step. */
inline CHECK_CHAIN() {
  walk = sb_mb;
  last = 0;
  count = 0;
  do
  :: walk != 0 && count < MBUFS -> USE(walk); last = walk; walk = m_next[walk]; count++
  :: else -> break
  od;
  if
  :: count != sb_cc -> VIOLATE(sbflush_panic)
  :: else
  fi;
  if
  :: last != sb_mbtail -> VIOLATE(tail_lost)
  :: else
  fi
}

/* sbappendstream, under so_rcv; it goes by sb_mbtail. */
inline APPEND(m) {
  atomic {
    m_next[m] = 0;
    if
    :: sb_mbtail == 0 -> sb_mb = m
    :: else -> USE(sb_mbtail); m_next[sb_mbtail] = m
    fi;
    sb_mbtail = m;
    appended = m;
    sb_cc++
  }
}

/* Unlinks and frees the head, under so_rcv; counters first, as sbfree. */
inline DROP_HEAD() {
  atomic {
    if
    :: sb_mb == 0 || sb_cc == 0 -> VIOLATE(sbdrop)
    :: else
    fi;
    USE(sb_mb);
    sb_cc--;
    walk = sb_mb;
    sb_mb = m_next[walk];
    m_live[walk] = 0;
    if
    :: sb_mb == 0 -> sb_mbtail = 0
    :: else
    fi
  }
}

inline SOCANTRCVMORE() {
  atomic {
    LOCK(so_rcv);
    cantrcvmore = 1;
#ifndef MUTATE_NO_EOF_WAKEUP
    WAKE_READER();
#endif
  };
  UNLOCK(so_rcv)
}

/* ---- The receive routines' parts ------------------------------------------------------------- */

/* Waits for data, under so_rcv and sblock. The flag lock was released before the first-data sleep,
 * the sx is held across it. Sets `eof` when there is nothing to come. */
inline WAIT_FOR_DATA(eof) {
  eof = 0;
  do
  :: sb_cc > 0 -> break
  :: sb_cc == 0 && cantrcvmore -> eof = 1; break
  :: sb_cc == 0 && !cantrcvmore ->
#if SBLOCK == FLAG
     FLAG_SBUNLOCK();
#endif
     atomic { sb_wait = 1; cc_sleeper = 1; so_rcv.owner = 0 };
     !cc_sleeper;
     LOCK(so_rcv);
#if SBLOCK == FLAG
     FLAG_SBLOCK();
#endif
  od
}

/* uiomove of one mbuf, no so_rcv held; takes time, hence two steps. `copied`: bytes of this call
 * that the application has if the call succeeds. */
inline COPYOUT(m, copied, fault) {
  atomic { copy_begun = 1; USE(m) };
  atomic {
    USE(m);
    if
    :: fault = 1
    :: fault = 0;
       if
       :: m != expect + copied -> VIOLATE(stream_gap)
       :: else -> copied++
       fi
    fi
  }
}

inline PRU_RCVD() {
  LOCK(tcpinp);
  UNLOCK(tcpinp)
}

/* ---- The close path -------------------------------------------------------------------------- */

/* shutdown(SHUT_RD). The copy aside is freed with no lock held. */
inline SORFLUSH() {
#if ERA == 200705
  SOCANTRCVMORE();
  TAKE_SBLOCK();
#else
  TAKE_SBLOCK();
  SOCANTRCVMORE();
#endif
  atomic {
    LOCK(so_rcv);
#if SBLOCK == FLAG
    FLAG_SBUNLOCK();
#endif
    CHECK_CHAIN();
    doomed = sb_mb;
    sb_mb = 0; sb_mbtail = 0; sb_cc = 0; sb_hiwat = 0;
    sb_lock = 0; sb_want = 0; sb_wait = 0; /* sb_flags is zeroed with the rest */
    flushed = 1
  };
  UNLOCK(so_rcv);
#if SBLOCK == SX
  UNLOCK(sx);
#endif
  M_FREEM()
}

/* sbflush, under so_rcv and within an atomic step. */
inline SBFLUSH() {
  CHECK_CHAIN();
  flushed = 1;
  do
  :: sb_mb != 0 -> DROP_HEAD()
  :: else -> break
  od
}

/* Really frees only without any reference. Called with so_rcv, which it releases. Nobody is
 * expected to be left, so neither locks nor wakeups. */
inline SOFREE() {
  if
  :: !nofdref || so_count != 0 || protoref || freed -> UNLOCK(so_rcv)
  :: else ->
     atomic { freed = 1; UNLOCK(so_rcv) };
     atomic { LOCK(tcp); LOCK(tcpinp); inp_detached = 1 }; /* pru_detach */
     UNLOCK(tcpinp);
     atomic { DESTROY(tcpinp); UNLOCK(tcp) };
     atomic { CHECK_CHAIN(); doomed = sb_mb; sb_mb = 0; sb_mbtail = 0; sb_cc = 0; flushed = 1 };
     M_FREEM();
     DESTROY(so_rcv);
     DESTROY(sx)
  fi
}

/* tcp_disconnect on an established connection, and the same once more from pru_close. The repair
 * that makes every flusher take sblock (FLUSHERS_SBLOCK) has to do so before `tcp` and tcpinp: the
 * reader calls pru_rcvd with sblock held. As sorflush of May 2007, it first wakes a reader that
 * sleeps with sblock held. */
inline TCP_DISCONNECT() {
#if defined(FLUSHERS_SBLOCK) && !defined(MUTATE_DISCONNECT_WITHOUT_SBLOCK) && \
    !defined(MUTATE_SBLOCK_UNDER_INP)
  SOCANTRCVMORE();
  TAKE_SBLOCK();
#endif
  atomic { LOCK(tcp); LOCK(tcpinp) };
  if
  :: tcp_closed
  :: else ->
     SOCANTRCVMORE(); /* soisdisconnecting */
#if defined(FLUSHERS_SBLOCK) && defined(MUTATE_SBLOCK_UNDER_INP)
     TAKE_SBLOCK();
#endif
     atomic { LOCK(so_rcv); SBFLUSH() };
     UNLOCK(so_rcv);
  fi;
  atomic { UNLOCK(tcpinp); UNLOCK(tcp) };
#if defined(FLUSHERS_SBLOCK) && !defined(MUTATE_DISCONNECT_WITHOUT_SBLOCK)
  DROP_SBLOCK();
#endif
  skip
}

/* Whoever calls this has a `disconnects`. */
inline SOCLOSE() {
  disconnects = 0;
  do
  :: disconnects < 2 -> disconnects++; TCP_DISCONNECT()
  :: else -> break
  od;
  atomic {
    LOCK(so_rcv);
    if
    :: !tcp_closed -> protoref = 1
    :: else
    fi;
    nofdref = 1;
    so_count--
  };
  SOFREE();
  so_closed = 1
}

/* The last file reference closes the socket. */
#if DISTURB == P2_FILEREF
inline FDROP() {
  atomic { f_count--; closes = (f_count == 0) };
  if
  :: closes -> SOCLOSE()
  :: else
  fi
}
#else
inline FDROP() { skip }
#endif

/* tcp_close once the file is gone, by data that comes too late or by a timer: under tcp and tcpinp,
 * which it releases. The protocol's reference goes, and with it, maybe, the socket. */
inline TCP_CLOSE() {
  tcp_closed = 1;
  SOCANTRCVMORE(); /* soisdisconnected */
  atomic { UNLOCK(tcpinp); UNLOCK(tcp) };
  atomic { LOCK(so_rcv); protoref = 0 };
  SOFREE()
}

/* ---- The threads ----------------------------------------------------------------------------- */

/* The interrupt thread: two segments by header prediction, each appended, or freed when nobody will
 * read it. All lie within the window advertised before, which TCP honours even if the buffer has
 * shrunk since. Data that finds the file closed makes TCP reset the connection. */
active proctype lower_half() provided (RUNNING) {
  byte m, seg, doomed, next_doomed;
  ready;
  do
  :: seg < SEGMENTS ->
#if WINDOW
     awaits_window = 1;
     atomic { (sb_hiwat > sb_cc || cantrcvmore); awaits_window = 0 };
#endif
     atomic {
       seg++;
       segment++;
       m = segment;
       m_live[m] = 1;
       LOCK(tcp);
       if
       :: inp_detached -> UNLOCK(tcp); M_FREE(m); m = 0
       :: else -> LOCK(tcpinp)
       fi
     };
     if
     :: m == 0
     :: else ->
        if
        :: atomic { tcp_closed -> UNLOCK(tcpinp); UNLOCK(tcp); M_FREE(m) }
        :: !tcp_closed && nofdref -> TCP_CLOSE(); M_FREE(m)
        :: atomic { !tcp_closed && !nofdref -> UNLOCK(tcp) };
           atomic {
             LOCK(so_rcv);
             if
             :: cantrcvmore -> M_FREE(m)
             :: else -> APPEND(m)
             fi;
#ifndef MUTATE_NO_DATA_WAKEUP
             WAKE_READER();
#endif
           };
           atomic { UNLOCK(so_rcv); UNLOCK(tcpinp) }
        fi
     fi
  :: else -> break
  od;
  atomic { m = 0; lower_done = 1 }
}

active proctype disturber() provided (RUNNING) {
  byte doomed, next_doomed, disconnects;
  bit closes;
  ready;
#if DISTURB == P1
  SORFLUSH();
#elif DISTURB == P2
  copy_begun;
  SOCLOSE();
#elif DISTURB == P2_SHUTDOWN
  copy_begun;
  SORFLUSH();
  SOCLOSE();
#elif DISTURB == P2_FILEREF
  fd_open = 0;
  FDROP();
#elif DISTURB == P4
  atomic { LOCK(tcp); LOCK(tcpinp) };
  TCP_CLOSE();
#endif
#if CLOSES
  so_closed; /* and some time later a timer ends the connection */
  atomic {
    LOCK(tcp);
    if
    :: inp_detached || tcp_closed -> UNLOCK(tcp)
    :: else -> LOCK(tcpinp)
    fi
  };
  if
  :: tcp.owner == _pid + 1 -> TCP_CLOSE()
  :: else
  fi;
#endif
  disturber_done = 1
}

/* Looks at a system in which nothing can happen any more. */
active proctype watcher() {
  timeout;
  if
  :: !RUNNING
  :: RUNNING && reader_done && disturber_done && (lower_done || awaits_window) ->
     atomic {
       CHECK_CHAIN();
       last = 0;
       walk = 1;
       do
       :: walk < MBUFS -> last = last + m_live[walk]; walk++
       :: else -> break
       od;
       if
       :: last != sb_cc -> VIOLATE(mbuf_leaked)
       :: else
       fi;
       if
       :: !flushed && expect + sb_cc != appended + 1 -> VIOLATE(stream_lost)
       :: else
       fi
     }
  :: RUNNING && !reader_done && cc_sleeper ->
     if
     :: sb_cc > 0 || cantrcvmore -> atomic { VIOLATE(lost_wakeup) }
     :: else /* it waits for what nobody sends */
     fi
  :: RUNNING && !(reader_done && disturber_done && (lower_done || awaits_window)) &&
     !(!reader_done && cc_sleeper) -> atomic { VIOLATE(deadlock) }
  fi
}

/* The reader: chooses what lies in the buffer at the start, then reads. */
#define READER \
active proctype reader() provided (RUNNING) { \
  byte reads, m, copied, k, chain, doomed, next_doomed, disconnects; \
  bit fault, eof, closes, was_flushed; \
  do \
  :: segment < PRELOAD -> \
     atomic { segment++; m_live[segment] = 1; APPEND(segment) } \
  :: break \
  od; \
  ready = 1; \
  do \
  :: reads < READS -> \
     atomic { \
       reads++; \
       copied = 0; \
       if \
       :: fd_open -> f_count++ \
       :: else -> break \
       fi \
     }; \
     RECEIVE(); \
     FDROP() \
  :: else -> break \
  od; \
  atomic { \
    m = 0; copied = 0; k = 0; chain = 0; fault = 0; eof = 0; closes = 0; was_flushed = 0; \
    reader_done = 1 \
  } \
}
