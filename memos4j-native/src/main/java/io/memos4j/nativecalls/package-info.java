/**
 * Guards of native code. A JVM that exits while a thread is inside a native library may crash:
 * {@link io.memos4j.nativecalls.NativeCallGuard} for libraries that many threads may call at once,
 * {@link io.memos4j.nativecalls.NativeThread} for those that want one thread. Internal: not an API for applications.
 */
@NullMarked
package io.memos4j.nativecalls;

import org.jspecify.annotations.NullMarked;
