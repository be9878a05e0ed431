// In a file of its own: the kernel's <asm/termbits.h>, which knows arbitrary speeds, and the C library's <termios.h>
// define the same names.
#include "baud.h"

#if defined(__linux__)
#include <asm/termbits.h>
#include <sys/ioctl.h>

// On Linux the line settings of a pseudo-terminal belong to its slave side; asking the master returns them.
int ClientBaud(int masterFd) {
  struct termios2 settings {};
  if (ioctl(masterFd, TCGETS2, &settings) != 0) return 0;
  return static_cast<int>(settings.c_ospeed);
}
#else
#include <termios.h>

int ClientBaud(int masterFd) {
  struct termios settings {};
  if (tcgetattr(masterFd, &settings) != 0) return 0;
  return static_cast<int>(cfgetospeed(&settings));
}
#endif
