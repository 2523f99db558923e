#include "putback.pml"
