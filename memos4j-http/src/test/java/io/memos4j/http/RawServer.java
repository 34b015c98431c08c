package io.memos4j.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** A server on a real socket that writes bytes as a test scripts them, one connection after the other. */
final class RawServer implements AutoCloseable {
    /** Writes to a connection whose request has been read; the connection is closed afterwards. */
    @FunctionalInterface
    interface Script {
        void play(OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket socket;
    private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch abandoned = new CountDownLatch(1);

    RawServer() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    RawServer then(Script script) {
        scripts.add(script);
        return this;
    }

    /** Answers with a head that promises {@code length} bytes, and a body that may be shorter. */
    RawServer then(int status, String headers, int length, String body) {
        return then(out -> write(out, head(status, headers + "Content-Length: " + length + "\r\n") + body));
    }

    /** Never answers. */
    RawServer thenHang() {
        return then(out -> closed.await());
    }

    /** Answers with a chunk of each text, then with no more until the client has gone. */
    RawServer thenStall(String... chunks) {
        return then(out -> {
            write(out, head(200, "Transfer-Encoding: chunked\r\n"));
            for (String chunk : chunks) {
                write(out, chunk(chunk));
            }
            closed.await();
        });
    }

    static String head(int status, String headers) {
        return "HTTP/1.1 " + status + " X\r\n" + headers + "Connection: close\r\n\r\n";
    }

    static String chunk(String text) {
        return Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n";
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    HttpRequest request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/x"))
                .build();
    }

    /** Opens when a client has gone before its answer was written. */
    CountDownLatch abandoned() {
        return abandoned;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                // The test has ended.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
                line = in.readLine();
            }
            scripts.remove().play(connection.getOutputStream());
        } catch (SocketException e) {
            abandoned.countDown();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
    }
}
