/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The socket, its receive buffer and its mbufs, and what receive routines have in common. Part of
 * kernel.pml.
 */

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
