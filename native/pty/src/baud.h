#pragma once

// The speed, in baud, that the program on the other end of a pseudo-terminal has set; 0 when it cannot be read.
int ClientBaud(int masterFd);
