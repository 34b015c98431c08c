package io.memos4j.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Nearest;
import io.memos4j.server.http.Tls;
import io.memos4j.server.proxy.ProxyConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How the server listens and within which bounds. {@code defaults.conf} beside this class lists every setting with its reason; a key that is
 * not there is refused.
 *
 * @param port 0 for any free one
 * @param drain how long running calls may take when the server stops
 * @param guests the protocols of others
 */
public record ServerConfig(String host, int port, Duration drain, Optional<Tls> tls, Limits limits, Guests guests) {
    private static final int KIB = 1 << 10;
    private static final int GIB = 1 << 30;

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
     * What the protocols of others need.
     *
     * @param mcpOrigins of pages that may speak MCP from a browser
     * @param proxy of chat completions; absent for none
     */
    public record Guests(List<String> mcpOrigins, Optional<ProxyConfig> proxy) {}

    /** What holds where nothing is said. */
    public static ServerConfig defaults() {
        return parse(defaultSettings(), "the defaults");
    }

    /**
     * Reads a configuration file.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_CONFIGURATION} if it is not there, cannot be read, has an unknown key or a value out
     *     of bounds
     */
    public static ServerConfig read(Path file) {
        if (!Files.isReadable(file)) {
            throw invalid("There is no readable file " + file + ". Give the path of a configuration file.");
        }
        try {
            Config given = ConfigFactory.parseFile(
                            file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
                    .resolve();
            Config known = defaultSettings();
            TreeSet<String> names = new TreeSet<>();
            known.entrySet().forEach(entry -> names.add(entry.getKey()));
            given.entrySet().stream()
                    .map(java.util.Map.Entry::getKey)
                    .filter(key -> !names.contains(key))
                    .findFirst()
                    .ifPresent(key -> {
                        throw invalid("Unknown setting '" + key + "' in " + file + ". Did you mean '"
                                + Nearest.to(key, names).orElseThrow() + "'?");
                    });
            return parse(given.withFallback(known), file.toString());
        } catch (ConfigException e) {
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION, "Cannot read the configuration: " + e.getMessage(), e);
        }
    }

    private static Config defaultSettings() {
        return ConfigFactory.parseResources(ServerConfig.class, "defaults.conf").resolve();
    }

    private static ServerConfig parse(Config config, String file) {
        return new ServerConfig(
                config.getString("server.host"),
                within(config, "server.port", 0, 65_535, file),
                config.getDuration("server.drain"),
                tls(config),
                new Limits(
                        bytes(config, "limits.body", GIB, file),
                        bytes(config, "limits.header", 1 << 20, file),
                        within(config, "limits.calls-per-second", 0, 1_000_000, file),
                        within(config, "limits.connections", 1, 1_000_000, file),
                        config.getDuration("limits.idle")),
                new Guests(config.getStringList("mcp.origins"), proxy(config, file)));
    }

    private static Optional<ProxyConfig> proxy(Config config, String file) {
        String upstream = config.getString("proxy.upstream");
        if (upstream.isEmpty()) {
            return Optional.empty();
        }
        if (!upstream.matches("https?://[^/?#@\\s]+(/[^?#\\s]*)?")) {
            throw invalid("Setting 'proxy.upstream' in " + file + " must be an address like https://host/v1, it is "
                    + upstream + ".");
        }
        boolean required = switch (config.getString("proxy.on-failure")) {
            case "open" -> false;
            case "closed" -> true;
            default -> throw invalid("Setting 'proxy.on-failure' in " + file + " must be open or closed.");
        };
        return Optional.of(new ProxyConfig(
                URI.create(upstream),
                secret(config.getString("proxy.api-key-env"), "proxy.upstream needs the provider's key"),
                config.getDuration("proxy.timeout"),
                new ProxyConfig.Recall(
                        within(config, "proxy.max-tokens", 100, 100_000, file),
                        within(config, "proxy.profile-tokens", 0, 10_000, file),
                        required),
                config.getBoolean("proxy.capture")));
    }

    /** What the environment holds under this name; empty if no name is given. */
    private static String secret(String variable, String need) {
        if (variable.isEmpty()) {
            return "";
        }
        return Optional.ofNullable(System.getenv(variable))
                .filter(value -> !value.isBlank())
                .map(String::strip)
                .orElseThrow(() -> invalid(need + " in the environment variable " + variable + "."));
    }

    private static Optional<Tls> tls(Config config) {
        String keystore = config.getString("server.tls.keystore");
        if (keystore.isEmpty()) {
            return Optional.empty();
        }
        String variable = config.getString("server.tls.password-env");
        String password = Optional.ofNullable(System.getenv(variable))
                .orElseThrow(() -> invalid(
                        "server.tls.keystore needs its password in the environment variable " + variable + "."));
        return Optional.of(new Tls(Path.of(keystore), password));
    }

    private static int within(Config config, String key, int least, int most, String file) {
        int value = config.getInt(key);
        if (value < least || value > most) {
            throw invalid("Setting '" + key + "' in " + file + " must be " + least + " to " + most + ", it is " + value
                    + ".");
        }
        return value;
    }

    private static int bytes(Config config, String key, int most, String file) {
        long value = config.getBytes(key);
        if (value < KIB || value > most) {
            throw invalid(
                    "Setting '" + key + "' in " + file + " must be 1 KiB to " + most + " bytes, it is " + value + ".");
        }
        return (int) value;
    }

    private static MemoryException invalid(String message) {
        return new MemoryException(ErrorCode.INVALID_CONFIGURATION, message);
    }

    public ServerConfig withHost(String newHost) {
        return new ServerConfig(newHost, port, drain, tls, limits, guests);
    }

    public ServerConfig withPort(int newPort) {
        return new ServerConfig(host, newPort, drain, tls, limits, guests);
    }

    public ServerConfig withLimits(Limits newLimits) {
        return new ServerConfig(host, port, drain, tls, newLimits, guests);
    }

    public ServerConfig withGuests(Guests newGuests) {
        return new ServerConfig(host, port, drain, tls, limits, newGuests);
    }
}
