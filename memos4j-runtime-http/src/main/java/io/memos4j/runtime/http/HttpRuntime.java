package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.runtime.files.ActivationFile;
import io.memos4j.runtime.files.RuntimeCounters;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationCapabilities;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationImage;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.ActivationStatistics;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.spi.runtime.ModelIdentity;
import io.memos4j.spi.runtime.TokenizeOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A runtime on an inference server. Assigns places on the server to handles and ends running calls when it is closed.
 */
final class HttpRuntime implements ActivationRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRuntime.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final InferenceServerClient connection;
    private final InferenceServer server;
    private final ServerAdapterRegistry adapters;
    private final Object lock = new Object();
    private final BitSet places = new BitSet();
    private final Set<HttpActivationHandle> handles = new HashSet<>();
    private final Set<RuntimeCall> calls = new HashSet<>();
    private boolean closed;
    final RuntimeCounters counters = new RuntimeCounters();

    HttpRuntime(InferenceServerClient connection, InferenceServer server) {
        this.connection = connection;
        this.server = server;
        this.adapters = new ServerAdapterRegistry(server, work -> {
            runCleanup(work);
            closeIfDone();
        });
    }

    @Override
    public ActivationCapabilities capabilities() {
        return server.capabilities();
    }

    @Override
    public ModelIdentity model() {
        return server.model();
    }

    @Override
    public int[] tokenize(String text, TokenizeOption... how) {
        List<TokenizeOption> chosen = List.of(how);
        boolean start = chosen.contains(TokenizeOption.START);
        return text.isEmpty() && !start
                ? runCall(call -> new int[0])
                : runCall(call -> server.tokenize(text, start, chosen.contains(TokenizeOption.CONTROL), call));
    }

    @Override
    public int[] tokenize(List<ChatTurn> conversation, boolean answerNext) {
        List<ChatTurn> turns = List.copyOf(conversation);
        if (turns.isEmpty()) {
            throw MemoryException.invalid("The conversation has no turns.");
        }
        return runCall(call -> server.tokenize(turns, answerNext, call));
    }

    @Override
    public String detokenize(int[] tokens) {
        int[] own = requireKnownTokens(tokens);
        return runCall(call -> own.length == 0 ? "" : server.detokenize(own, call));
    }

    @Override
    public ActivationHandle prefill(int[] tokens, AdapterMix mix) {
        int[] own = requireKnownTokens(tokens);
        if (own.length == 0) {
            throw MemoryException.invalid("There are no tokens to compute.");
        }
        requireLength(own.length);
        adapters.requireLoaded(mix);
        ServerAdapterRegistry.requireSupported(mix, capabilities());
        return openHandle(mix, (place, call) -> {
            compute(new InferenceServer.PlacedTokens(place, own, mix, call), 1);
            return own;
        });
    }

    @Override
    public ActivationHandle restore(Path file) {
        return openHandle(AdapterMix.NONE, (place, call) -> {
            int[] tokens = server.restore(place, file, call);
            counters.restored.add(tokens.length - 1);
            return tokens;
        });
    }

    @Override
    public ActivationHandle restore(ActivationImage image) {
        throw MemoryException.invalid("This image belongs to another runtime. Compute its tokens here.");
    }

    @Override
    public ActivationManifest inspect(Path file) {
        try (ActivationFile saved = ActivationFile.open(file)) {
            return saved.manifest();
        }
    }

    @Override
    public ActivationStatistics statistics() {
        synchronized (lock) {
            requireOpen();
            return counters.snapshot(handles.size(), contextTokens());
        }
    }

    /** Sums the tokens in the context of the server; only handles with the same adapters share. */
    private int contextTokens() {
        return handles.stream()
                .collect(Collectors.groupingBy(handle -> handle.adapters().id()))
                .values()
                .stream()
                .mapToInt(this::contextTokens)
                .sum();
    }

    private int contextTokens(List<HttpActivationHandle> alike) {
        List<int[]> held = alike.stream()
                .map(HttpActivationHandle::tokens)
                .map(tokens -> Arrays.copyOf(tokens, tokens.length - 1))
                .sorted(Arrays::compare)
                .toList();
        int sum = 0;
        int[] before = new int[0];
        for (int[] tokens : held) {
            sum += tokens.length;
            if (server.sharesPrefixes()) {
                int difference = Arrays.mismatch(before, tokens);
                sum -= difference < 0 ? tokens.length : difference;
            }
            before = tokens;
        }
        return sum;
    }

    /** Ends all calls, waits up to ten seconds for those of other threads, and releases all places. */
    @Override
    public void close() {
        List<HttpActivationHandle> open;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            List.copyOf(calls).forEach(RuntimeCall::end);
            open = List.copyOf(handles);
        }
        open.forEach(HttpActivationHandle::close);
        awaitOtherCalls();
        adapters.close();
        closeIfDone();
    }

    private void awaitOtherCalls() {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        boolean interrupted = false;
        synchronized (lock) {
            while (calls.stream().anyMatch(call -> !call.caller().equals(Thread.currentThread()))) {
                long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (left <= 0) {
                    LOG.warn(
                            "Calls to {} still run although the runtime is closed.",
                            capabilities().runtime());
                    break;
                }
                try {
                    lock.wait(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the connection once nothing needs it: a call that is being ended may still release the last place. */
    private void closeIfDone() {
        synchronized (lock) {
            if (closed && calls.isEmpty() && places.isEmpty() && adapters.isEmpty()) {
                connection.close();
            }
        }
    }

    InferenceServer server() {
        return server;
    }

    /** Refuses adapters that are unloaded. */
    void requireLoaded(AdapterMix mix) {
        adapters.requireLoaded(mix);
    }

    /** Copies token ids and refuses those that the model does not have. */
    int[] requireKnownTokens(int[] tokens) {
        int[] own = tokens.clone();
        for (int token : own) {
            if (token < 0 || token >= model().shape().vocabulary()) {
                throw MemoryException.invalid("The model has no token " + token + "; its ids are 0 to "
                        + (model().shape().vocabulary() - 1) + ".");
            }
        }
        return own;
    }

    void requireLength(int tokens) {
        int most = capabilities().handleTokens();
        if (tokens > most) {
            throw new MemoryException(
                    ErrorCode.TOO_LARGE,
                    "A handle may hold " + most + " tokens, these would be " + tokens
                            + ". Start the server with a larger context.");
        }
    }

    /** Computes all tokens of a handle but the last; the handle had {@code before} tokens until now. */
    void compute(InferenceServer.PlacedTokens site, int before) {
        int computed = site.tokens().length - 1;
        if (computed == 0) {
            return;
        }
        int had = server.compute(site.withoutLastToken());
        counters.prefilled.add(computed - had);
        counters.reused.add(Math.max(0, had - (before - 1)));
    }

    /** Runs a call, which ends when the runtime is closed. */
    <T> T runCall(Function<RuntimeCall, T> work) {
        RuntimeCall call = new RuntimeCall();
        synchronized (lock) {
            requireOpen();
            calls.add(call);
        }
        try {
            call.requireRunning();
            return work.apply(call);
        } finally {
            synchronized (lock) {
                calls.remove(call);
                lock.notifyAll();
            }
            closeIfDone();
        }
    }

    /** Fills a place and returns its tokens. */
    interface PlaceFiller {
        int[] fill(int place, RuntimeCall call);
    }

    /** Opens a handle on a free place. */
    ActivationHandle openHandle(AdapterMix mix, PlaceFiller filling) {
        return runCall(call -> {
            int place = takePlace();
            try {
                int[] tokens = filling.fill(place, call);
                HttpActivationHandle handle = new HttpActivationHandle(this, place, tokens, mix);
                synchronized (lock) {
                    call.requireRunning();
                    handles.add(handle);
                }
                return handle;
            } catch (RuntimeException e) {
                releasePlace(place);
                throw e;
            }
        });
    }

    private int takePlace() {
        synchronized (lock) {
            int free = places.nextClearBit(0);
            if (free < capabilities().handles()) {
                places.set(free);
                return free;
            }
        }
        throw new MemoryException(
                ErrorCode.CONTEXT_FULL,
                "All " + capabilities().handles()
                        + " handles are open. Close one, or start the server with more slots.");
    }

    /** Removes a closed handle and releases its place. */
    void closed(HttpActivationHandle handle, int place) {
        synchronized (lock) {
            handles.remove(handle);
        }
        releasePlace(place);
        closeIfDone();
    }

    /** Clears a place on the server, even if the caller was interrupted, and makes it available again. */
    private void releasePlace(int place) {
        runCleanup(call -> server.release(place, call));
        synchronized (lock) {
            places.clear(place);
        }
    }

    private void runCleanup(Consumer<RuntimeCall> work) {
        boolean interrupted = Thread.interrupted();
        try {
            work.accept(new RuntimeCall(TIMEOUT));
        } catch (MemoryException e) {
            LOG.warn("The server may still hold what a closed handle or adapter stood for. {}", e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new MemoryException(ErrorCode.CLOSED, "The runtime is closed.");
        }
    }

    @Override
    public LoadedAdapter load(AdapterFiles adapter) {
        return runCall(call -> adapters.load(adapter, call));
    }
}
