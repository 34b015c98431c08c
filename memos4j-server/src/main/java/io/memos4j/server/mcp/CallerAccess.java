package io.memos4j.server.mcp;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.api.access.Permission;
import io.memos4j.core.access.AuditedCall;
import io.memos4j.server.http.HttpExchange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The access of an HTTP client: the cubes that its key allows. Other cubes look nonexistent. */
record CallerAccess(HttpExchange exchange) implements McpAccess {
    @Override
    public String defaultCube() {
        return McpRoutes.DEFAULT_CUBE;
    }

    @Override
    public MemCube cube(String name, Permission needed) {
        return exchange.cube(name, needed).as(MODEL);
    }

    @Override
    public MemCube cubeForWriting(String name) {
        return exchange.cubeForWriting(name).as(MODEL);
    }

    @Override
    public Map<String, Permission> cubes() {
        Map<String, Permission> cubes = new LinkedHashMap<>();
        for (CubeId cube : exchange.memos().cubes()) {
            exchange.permission(cube).ifPresent(held -> cubes.put(exchange.cubeName(cube), held));
        }
        return cubes;
    }

    @Override
    public String cubeName(CubeId cube) {
        return exchange.cubeName(cube);
    }

    @Override
    public <T> T asAssistant(Supplier<T> work) {
        return exchange.memos().runAsAssistant(work);
    }

    @Override
    public <T> T call(String tool, boolean changes, Supplier<T> work) {
        AuditedCall call = exchange.call().as(action(tool));
        return exchange.memos().runAs(changes ? call.changing() : call, work);
    }

    @Override
    public void recordFailure(String tool, int outcome) {
        exchange.recordFailure(action(tool), outcome);
    }

    static String action(String tool) {
        return "MCP " + tool;
    }
}
