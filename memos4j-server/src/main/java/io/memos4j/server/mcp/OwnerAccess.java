package io.memos4j.server.mcp;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.core.MemOs;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The access of the owner of a data directory: everything. Like other uses of the embedded engine, it is not audited.
 */
record OwnerAccess(MemOs memos, String defaultCube) implements McpAccess {
    @Override
    public MemCube cube(String name, Permission needed) {
        return memos.find(CubeId.of(name))
                .orElseThrow(() -> new MemoryException(ErrorCode.CUBE_NOT_FOUND, "There is no cube '" + name + "'."));
    }

    @Override
    public MemCube cubeForWriting(String name) {
        return memos.cube(name);
    }

    @Override
    public Map<String, Permission> cubes() {
        Map<String, Permission> cubes = new LinkedHashMap<>();
        memos.cubes().forEach(cube -> cubes.put(cube.value(), Permission.ADMIN));
        return cubes;
    }

    @Override
    public String cubeName(CubeId cube) {
        return cube.value();
    }

    @Override
    public void recordChange(String tool, String target, int outcome) {
        // The versions of the changed memories record it.
    }
}
