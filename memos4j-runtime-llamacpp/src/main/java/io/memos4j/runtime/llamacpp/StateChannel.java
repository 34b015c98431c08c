package io.memos4j.runtime.llamacpp;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** A channel over a state in native memory, read or written from the beginning. Not thread-safe. */
final class StateChannel implements ByteChannel {
    private final MemorySegment state;
    private long position;

    StateChannel(MemorySegment state) {
        this.state = state;
    }

    @Override
    public int read(ByteBuffer target) {
        if (position == state.byteSize()) {
            return -1;
        }
        MemorySegment next = next(target);
        MemorySegment.ofBuffer(target).copyFrom(next);
        target.position(target.position() + (int) next.byteSize());
        return (int) next.byteSize();
    }

    @Override
    public int write(ByteBuffer source) {
        MemorySegment next = next(source);
        next.copyFrom(MemorySegment.ofBuffer(source).asSlice(0, next.byteSize()));
        source.position(source.position() + (int) next.byteSize());
        return (int) next.byteSize();
    }

    /** The next bytes, as many as the buffer allows. */
    private MemorySegment next(ByteBuffer buffer) {
        MemorySegment next = state.asSlice(position, Math.min(buffer.remaining(), state.byteSize() - position));
        position += next.byteSize();
        return next;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
