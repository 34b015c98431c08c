package io.memos4j.server;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.server.http.ListenAddress;
import io.memos4j.server.http.ServerLimits;
import io.memos4j.server.http.TlsKeystore;
import io.memos4j.server.proxy.ProxyConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of the server. {@code defaults.conf} beside this class lists every setting with its reason; unknown
 * keys are rejected.
 *
 * @param modelPrice the price of a million tokens of the language model, in any currency; 0 if unknown
 * @param protocols settings of the protocols of other products
 */
public record ServerConfig(
        ListenAddress address, ServerLimits limits, Backups backups, Log log, double modelPrice, Protocols protocols) {
    /**
     * The location and number of backups.
     *
     * @param directory a folder in the data directory if empty
     * @param keep how many of the newest backups are kept; 0 for all
     */
    public record Backups(Optional<Path> directory, int keep) {}

    /**
     * The contents of the log. The format is for the program that sets up logging, such as the command line.
     *
     * @param calls whether each request is logged
     */
    public record Log(LogFormat format, boolean calls) {}

    /**
     * Settings of the protocols of other products.
     *
     * @param mcpOrigins the origins of web pages that may use MCP from a browser
     * @param proxy the chat completions proxy; empty to disable it
     */
    public record Protocols(List<String> mcpOrigins, Optional<ProxyConfig> proxy) {}

    /** The format of log lines. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /** Returns the default configuration. */
    public static ServerConfig defaults() {
        return ServerConfigReader.defaults();
    }

    /**
     * Reads a configuration file.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_CONFIGURATION} if it is missing or unreadable, or has an
     *     unknown key or a value out of bounds
     */
    public static ServerConfig read(Path file) {
        return read(file, System.getenv());
    }

    /** @param environment holds the secrets */
    static ServerConfig read(Path file, Map<String, String> environment) {
        return ServerConfigReader.read(file, environment);
    }

    public ServerConfig withHost(String host) {
        return withAddress(address.withHost(host));
    }

    public ServerConfig withPort(int port) {
        return withAddress(address.withPort(port));
    }

    public ServerConfig withTls(TlsKeystore tls) {
        return withAddress(address.withTls(tls));
    }

    private ServerConfig withAddress(ListenAddress newAddress) {
        return new ServerConfig(newAddress, limits, backups, log, modelPrice, protocols);
    }

    public ServerConfig withDrain(Duration drain) {
        return withLimits(limits.withDrain(drain));
    }

    public ServerConfig withLimits(ServerLimits newLimits) {
        return new ServerConfig(address, newLimits, backups, log, modelPrice, protocols);
    }

    public ServerConfig withBackups(Backups newBackups) {
        return new ServerConfig(address, limits, newBackups, log, modelPrice, protocols);
    }

    public ServerConfig withLog(Log newLog) {
        return new ServerConfig(address, limits, backups, newLog, modelPrice, protocols);
    }

    public ServerConfig withModelPrice(double newPrice) {
        return new ServerConfig(address, limits, backups, log, newPrice, protocols);
    }

    public ServerConfig withProtocols(Protocols newProtocols) {
        return new ServerConfig(address, limits, backups, log, modelPrice, newProtocols);
    }
}
