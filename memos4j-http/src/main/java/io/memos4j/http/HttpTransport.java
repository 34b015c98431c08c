package io.memos4j.http;

import java.lang.reflect.Method;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests and returns their answers as streams. Thread-safe.
 *
 * <p>Calls block. They end when their {@link WaitLimit} is over, when their thread is interrupted, when their
 * {@link CancellationToken} is cancelled and when the transport is closed; the connection is then closed too. A call is
 * tried once: see {@link HttpRetrier}.
 */
public final class HttpTransport implements AutoCloseable {
    private final HttpClient client;
    private final Set<CancellationToken> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public HttpTransport(HttpClient client) {
        this.client = client;
    }

    /**
     * Configures the JDK's client for servers of all kinds: HTTP/1.1, since the offer of HTTP/2 on a plain connection
     * makes uvicorn (vLLM, SGLang) lose the body of the request, and no redirects, which would take keys elsewhere.
     */
    public static HttpClient.Builder clientBuilder(Duration connectTimeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout);
    }

    /**
     * Sends a request and returns when the head of the answer has arrived, of whatever status.
     *
     * @return the answer, to be closed
     */
    public HttpResponseStream send(HttpRequest request, WaitLimit limit)
            throws HttpCallException, InterruptedException {
        return send(request, limit, new CancellationToken());
    }

    /** Does what {@link #send(HttpRequest, WaitLimit)} does, until the token is cancelled. */
    public HttpResponseStream send(HttpRequest request, WaitLimit limit, CancellationToken token)
            throws HttpCallException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        running.add(token);
        if (closed || token.isCancelled()) {
            running.remove(token);
            throw HttpCallException.cancelled();
        }
        CompletableFuture<HttpResponse<ResponseBody>> sent = client.sendAsync(request, head -> new ResponseBody());
        token.onCancel(() -> abandon(sent));
        boolean answered = false;
        try {
            HttpResponse<ResponseBody> response = sent.get(limit.remainingNanos(), TimeUnit.NANOSECONDS);
            token.onCancel(response.body()::cancel);
            answered = true;
            return new HttpResponseStream(response, limit, () -> release(token));
        } catch (TimeoutException e) {
            throw HttpCallException.timedOut(limit);
        } catch (CancellationException e) {
            throw HttpCallException.cancelled();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw token.isCancelled() ? HttpCallException.cancelled() : HttpCallException.of(cause);
        } finally {
            if (!answered) {
                abandon(sent);
                release(token);
            }
        }
    }

    private void release(CancellationToken token) {
        token.onCancel(() -> {});
        running.remove(token);
    }

    private static void abandon(CompletableFuture<HttpResponse<ResponseBody>> sent) {
        sent.cancel(true);
        sent.thenAccept(late -> late.body().cancel());
    }

    /** Ends running calls with {@link HttpFailureKind#CANCELLED} and refuses further ones. */
    @Override
    public void close() {
        closed = true;
        running.forEach(CancellationToken::cancel);
        shutDown(client);
    }

    /** Frees the client's thread at once. Java 17 to 20 cannot: there the thread ends when the client is collected. */
    private static void shutDown(HttpClient client) {
        try {
            Method shutdown = HttpClient.class.getMethod("shutdownNow");
            shutdown.invoke(client);
        } catch (NoSuchMethodException e) {
            // Java 20 or older.
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot shut down the HTTP client.", e);
        }
    }
}
