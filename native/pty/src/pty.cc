// Pseudo-terminals for the simulator's buses. A `Pty` owns the master side; the slave side is a path that any serial
// program opens. The slave is never held open here, so that a client's exclusive lock ends when the client closes and
// hang-up is visible, as with a USB adapter.
#include <fcntl.h>
#include <napi.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>
#include <uv.h>
#if defined(__APPLE__)
#include <util.h>
#else
#include <pty.h>
#endif

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "baud.h"

namespace {

class Pty : public Napi::ObjectWrap<Pty> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "Pty",
                       {InstanceAccessor<&Pty::Path>("path"), InstanceAccessor<&Pty::Baud>("baud"),
                        InstanceMethod<&Pty::Watch>("watch"), InstanceMethod<&Pty::IsHungUp>("isHungUp"),
                        InstanceMethod<&Pty::Write>("write"), InstanceMethod<&Pty::Close>("close")});
  }

  explicit Pty(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Pty>(info) {
    int slave = -1;
    if (openpty(&fd_, &slave, nullptr, nullptr, nullptr) != 0) Fail(info.Env(), "openpty");
    struct termios settings {};
    if (tcgetattr(slave, &settings) == 0) {
      cfmakeraw(&settings);
      tcsetattr(slave, TCSANOW, &settings);
    }
    char name[256] = {0};
    const int nameError = ttyname_r(slave, name, sizeof name);
    close(slave);
    if (nameError != 0) {
      errno = nameError;
      CloseNow();
      Fail(info.Env(), "ttyname_r");
    }
    path_ = name;
    fcntl(fd_, F_SETFL, fcntl(fd_, F_GETFL) | O_NONBLOCK);
    fcntl(fd_, F_SETFD, FD_CLOEXEC);
  }

  // Reached only without a poll handle, or when the whole environment is being torn down.
  ~Pty() override { CloseNow(); }

 private:
  static void Fail(Napi::Env env, const char* what) {
    throw Napi::Error::New(env, std::string(what) + ": " + std::strerror(errno));
  }

  Napi::Value Path(const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), path_); }

  Napi::Value Baud(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), fd_ < 0 ? 0 : ClientBaud(fd_));
  }

  // watch(onData: (bytes: Buffer | null) => void): bytes as they come; null once, at hang-up, after which the caller
  // asks isHungUp() from time to time and watches again.
  Napi::Value Watch(const Napi::CallbackInfo& info) {
    if (fd_ < 0) throw Napi::Error::New(info.Env(), "pty is closed");
    onData_ = Napi::Persistent(info[0].As<Napi::Function>());
    if (poll_ == nullptr) {
      uv_loop_t* loop = nullptr;
      napi_get_uv_event_loop(info.Env(), &loop);
      poll_ = new uv_poll_t;
      poll_->data = this;
      const int error = uv_poll_init(loop, poll_, fd_);
      if (error != 0) {
        delete poll_;
        poll_ = nullptr;
        throw Napi::Error::New(info.Env(), std::string("uv_poll_init: ") + uv_strerror(error));
      }
      Ref();  // the event loop points at this object until the handle is closed
    }
    uv_poll_start(poll_, UV_READABLE, [](uv_poll_t* handle, int, int) { static_cast<Pty*>(handle->data)->Readable(); });
    return info.Env().Undefined();
  }

  void Readable() {
    Napi::Env env = Env();
    Napi::HandleScope scope(env);
    char buffer[4096];
    const ssize_t count = read(fd_, buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    try {
      if (count > 0) {
        onData_.MakeCallback(Value(), {Napi::Buffer<char>::Copy(env, buffer, static_cast<size_t>(count))});
        return;
      }
      // EIO on Linux, end of file on macOS: no client has the slave open. Polling on would report it without pause.
      uv_poll_stop(poll_);
      onData_.MakeCallback(Value(), {env.Null()});
    } catch (const Napi::Error& error) {
      // A listener that throws is a bug of the program: hand it to the process, as for any event listener.
      napi_fatal_exception(env, error.Value());
    }
  }

  Napi::Value IsHungUp(const Napi::CallbackInfo& info) {
    struct pollfd state = {fd_, POLLIN, 0};
    const bool isHungUp = fd_ < 0 || (::poll(&state, 1, 0) > 0 && (state.revents & POLLHUP) != 0);
    return Napi::Boolean::New(info.Env(), isHungUp);
  }

  // write(bytes): how many the kernel took; the rest is lost, as in an adapter whose buffer is full.
  Napi::Value Write(const Napi::CallbackInfo& info) {
    if (fd_ < 0) return Napi::Number::New(info.Env(), 0);
    const auto bytes = info[0].As<Napi::Uint8Array>();
    const ssize_t count = write(fd_, bytes.Data(), bytes.ByteLength());
    return Napi::Number::New(info.Env(), count < 0 ? 0 : static_cast<double>(count));
  }

  Napi::Value Close(const Napi::CallbackInfo& info) {
    CloseNow();
    return info.Env().Undefined();
  }

  void CloseNow() {
    if (poll_ != nullptr) {
      uv_poll_stop(poll_);
      uv_close(reinterpret_cast<uv_handle_t*>(poll_), [](uv_handle_t* handle) { delete reinterpret_cast<uv_poll_t*>(handle); });
      poll_ = nullptr;
      Unref();
    }
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

  int fd_ = -1;
  std::string path_;
  uv_poll_t* poll_ = nullptr;
  Napi::FunctionReference onData_;
};

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("Pty", Pty::Define(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(pty, Init)
