/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Everything that takes data or the socket away: sorflush, tcp_disconnect, soclose, sofree. Part of
 * kernel.pml.
 */

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
