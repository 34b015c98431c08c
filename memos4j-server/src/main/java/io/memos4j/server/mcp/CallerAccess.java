package io.memos4j.server.mcp;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.api.Permission;
import io.memos4j.server.http.Exchange;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the caller of an HTTP exchange may reach: what its key allows, and nothing else is there. */
record CallerAccess(Exchange exchange) implements Access {
    @Override
    public String standard() {
        return McpSurface.STANDARD_CUBE;
    }

    @Override
    public MemCube cube(String name, Permission needed) {
        return exchange.cube(name, needed);
    }

    @Override
    public MemCube cubeToAddTo(String name) {
        return exchange.cubeToAddTo(name);
    }

    @Override
    public Map<String, Permission> cubes() {
        Map<String, Permission> cubes = new LinkedHashMap<>();
        for (CubeId cube : exchange.memos().cubes()) {
            exchange.permission(cube).ifPresent(held -> cubes.put(exchange.shown(cube), held));
        }
        return cubes;
    }

    @Override
    public String shown(CubeId cube) {
        return exchange.shown(cube);
    }

    @Override
    public void changed(String tool, String target, int outcome) {
        exchange.target(target);
        exchange.changed("MCP " + tool, outcome);
    }
}
