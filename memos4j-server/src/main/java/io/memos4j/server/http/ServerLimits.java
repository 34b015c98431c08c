package io.memos4j.server.http;

import java.time.Duration;

/**
 * Limits that protect the server from its clients.
 *
 * @param bodyBytes the largest request body
 * @param headerBytes the largest request header
 * @param callsPerSecond requests per second and key; 0 for no limit
 * @param connections connections open at once
 * @param idle the time after which a connection without traffic is closed
 * @param drain the time that running requests get to finish when the server stops
 * @param load the work taken on at once
 */
public record ServerLimits(
        int bodyBytes,
        int headerBytes,
        int callsPerSecond,
        int connections,
        Duration idle,
        Duration drain,
        LoadLimits load) {
    /** Has the default limits on the work taken on at once. */
    public ServerLimits(
            int bodyBytes, int headerBytes, int callsPerSecond, int connections, Duration idle, Duration drain) {
        this(bodyBytes, headerBytes, callsPerSecond, connections, idle, drain, LoadLimits.DEFAULT);
    }

    public ServerLimits withLoad(LoadLimits newLoad) {
        return new ServerLimits(bodyBytes, headerBytes, callsPerSecond, connections, idle, drain, newLoad);
    }

    public ServerLimits withCallsPerSecond(int newCallsPerSecond) {
        return new ServerLimits(bodyBytes, headerBytes, newCallsPerSecond, connections, idle, drain, load);
    }

    public ServerLimits withIdle(Duration newIdle) {
        return new ServerLimits(bodyBytes, headerBytes, callsPerSecond, connections, newIdle, drain, load);
    }

    public ServerLimits withDrain(Duration newDrain) {
        return new ServerLimits(bodyBytes, headerBytes, callsPerSecond, connections, idle, newDrain, load);
    }
}
