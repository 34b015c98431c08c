package io.memos4j.server.mcp;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.core.MemOs;
import io.memos4j.core.access.AuditedCall;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The access of the owner of a data directory: everything. */
record OwnerAccess(MemOs memos, String defaultCube) implements McpAccess {
    @Override
    public MemCube cube(String name, Permission needed) {
        return memos.find(CubeId.of(name))
                .map(cube -> cube.as(MODEL))
                .orElseThrow(() -> new MemoryException(ErrorCode.CUBE_NOT_FOUND, "There is no cube '" + name + "'."));
    }

    @Override
    public MemCube cubeForWriting(String name) {
        return memos.cube(name).as(MODEL);
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
    public <T> T asAssistant(Supplier<T> work) {
        return memos.runAsAssistant(work);
    }

    @Override
    public <T> T call(String tool, boolean changes, Supplier<T> work) {
        AuditedCall call = AuditedCall.local(CallerAccess.action(tool));
        return memos.runAs(changes ? call.changing() : call, work);
    }

    @Override
    public void recordFailure(String tool, int outcome) {
        memos.audit().ended(AuditedCall.local(CallerAccess.action(tool)), Optional.empty(), "", outcome);
    }
}
