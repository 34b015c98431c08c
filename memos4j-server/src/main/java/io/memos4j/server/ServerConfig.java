package io.memos4j.server;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.server.http.TlsKeystore;
import io.memos4j.server.proxy.ProxyConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the server listens, within which bounds, and what it tells its operators. {@code defaults.conf} beside this class
 * lists every setting with its reason; a key that is not there is refused.
 *
 * @param port 0 for any free one
 * @param drain how long running calls may take when the server stops
 * @param modelPrice of a million tokens of the language model, in any currency; 0 if it is not known
 * @param guests the protocols of others
 */
public record ServerConfig(
        String host,
        int port,
        Duration drain,
        Optional<TlsKeystore> tls,
        Limits limits,
        Backups backups,
        Log log,
        double modelPrice,
        Protocols protocols) {
    static final int MOST_PORT = 65_535;

    /**
     * The bounds that protect the server from its clients.
     *
     * @param body bytes
     * @param header bytes
     * @param callsPerSecond of one key; 0 for no limit
     * @param idle after which a connection without traffic is closed
     */
    public record Limits(int body, int header, int callsPerSecond, int connections, Duration idle) {}

    /**
     * Where copies of everything go.
     *
     * @param directory within the data directory if none is named
     * @param keep the newest so many; 0 for all
     */
    public record Backups(Optional<Path> directory, int keep) {}

    /**
     * What is written to the log. The form is for whoever sets the log up, the command line for example.
     *
     * @param calls whether each call has its line
     */
    public record Log(LogFormat format, boolean calls) {}

    /**
     * What the protocols of others need.
     *
     * @param mcpOrigins of pages that may speak MCP from a browser
     * @param proxy of chat completions; absent for none
     */
    public record Protocols(List<String> mcpOrigins, Optional<ProxyConfig> proxy) {}

    /** The form of a line of the log. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    public ServerConfig {
        if (port < 0 || port > MOST_PORT) {
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The port must be 0 to " + MOST_PORT + ", it is " + port + ". 0 takes any free one.");
        }
    }

    /** What holds where nothing is said. */
    public static ServerConfig defaults() {
        return ServerConfigReader.defaults();
    }

    /**
     * Reads a configuration file.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_CONFIGURATION} if it is not there, cannot be read, has an
     *     unknown key or a value out of bounds
     */
    public static ServerConfig read(Path file) {
        return read(file, System.getenv());
    }

    /** @param environment holds the secrets */
    static ServerConfig read(Path file, Map<String, String> environment) {
        return ServerConfigReader.read(file, environment);
    }

    public ServerConfig withHost(String newHost) {
        return new ServerConfig(newHost, port, drain, tls, limits, backups, log, modelPrice, protocols);
    }

    public ServerConfig withPort(int newPort) {
        return new ServerConfig(host, newPort, drain, tls, limits, backups, log, modelPrice, protocols);
    }

    public ServerConfig withDrain(Duration newDrain) {
        return new ServerConfig(host, port, newDrain, tls, limits, backups, log, modelPrice, protocols);
    }

    public ServerConfig withTls(TlsKeystore newTls) {
        return new ServerConfig(host, port, drain, Optional.of(newTls), limits, backups, log, modelPrice, protocols);
    }

    public ServerConfig withLimits(Limits newLimits) {
        return new ServerConfig(host, port, drain, tls, newLimits, backups, log, modelPrice, protocols);
    }

    public ServerConfig withBackups(Backups newBackups) {
        return new ServerConfig(host, port, drain, tls, limits, newBackups, log, modelPrice, protocols);
    }

    public ServerConfig withLog(Log newLog) {
        return new ServerConfig(host, port, drain, tls, limits, backups, newLog, modelPrice, protocols);
    }

    public ServerConfig withModelPrice(double newPrice) {
        return new ServerConfig(host, port, drain, tls, limits, backups, log, newPrice, protocols);
    }

    public ServerConfig withProtocols(Protocols newGuests) {
        return new ServerConfig(host, port, drain, tls, limits, backups, log, modelPrice, newGuests);
    }
}
