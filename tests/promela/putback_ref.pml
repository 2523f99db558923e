#define HOLD_SOCKET
#include "putback.pml"
