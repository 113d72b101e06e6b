// Does not compile with clang: it reads what a mutex guards, without the lock.
#include "server/base/mutex.hpp"

class account {
public:
    int balance() const { return balance_; }

private:
    mutable parley::base::mutex mutex_;
    int balance_ GUARDED_BY(mutex_) = 0;
};
