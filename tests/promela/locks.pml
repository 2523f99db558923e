/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Mutexes that can be destroyed, and sblock in its two forms. Part of kernel.pml.
 */

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
