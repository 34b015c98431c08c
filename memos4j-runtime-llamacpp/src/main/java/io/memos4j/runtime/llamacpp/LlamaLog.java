package io.memos4j.runtime.llamacpp;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/** Captures the log of llama.cpp: keeps it off standard error and the last complaints for messages. Thread-safe. */
@SuppressWarnings("restricted")
final class LlamaLog {
    private static final Logger LOG = LoggerFactory.getLogger(LlamaLog.class);
    private static final int WARNING = 3;
    private static final int ERROR = 4;
    private static final int LINES = 4;
    private static final int LENGTH = 300;

    private final Deque<String> complaints = new ArrayDeque<>();

    /** Creates the function pointer for {@code llama_log_set}; it stays valid for the life of the process. */
    MemorySegment callback() {
        try {
            var method = MethodHandles.lookup()
                    .bind(
                            this,
                            "log",
                            MethodType.methodType(void.class, int.class, MemorySegment.class, MemorySegment.class));
            return Linker.nativeLinker()
                    .upcallStub(method, FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS), Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("The method below has another name or type.", e);
        }
    }

    /** Takes a log line. An exception that left this method would abort the process. */
    @SuppressWarnings({"unused", "CatchAndPrintStackTrace"})
    private void log(int level, MemorySegment text, MemorySegment ignored) {
        if (level != WARNING && level != ERROR) {
            return;
        }
        try {
            String line = text.reinterpret(Long.MAX_VALUE).getString(0).strip();
            LOG.debug("{}", line);
            if (level == ERROR) {
                keep(line.length() > LENGTH ? line.substring(0, LENGTH) + "…" : line);
            }
        } catch (RuntimeException e) {
            keep("(a message that cannot be read)");
        }
    }

    private synchronized void keep(String line) {
        if (complaints.size() == LINES) {
            complaints.removeFirst();
        }
        complaints.addLast(line);
    }

    /** Returns the complaints since the last call, as the end of a message; empty if there are none. */
    synchronized String complaints() {
        String all = complaints.isEmpty() ? "" : " llama.cpp says: " + String.join(" | ", complaints);
        complaints.clear();
        return all;
    }
}
