package io.memos4j.server.mcp;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import java.util.Map;

/** The cubes that a caller can access. */
interface McpAccess {
    /** Returns the name of the cube that calls use if they name none. */
    String defaultCube();

    /**
     * Returns an existing cube.
     *
     * @throws MemoryException if it does not exist or the caller lacks the permission
     */
    MemCube cube(String name, Permission needed);

    /** Returns the cube to add to; creates it if it is missing and the caller may create it. */
    MemCube cubeForWriting(String name);

    /** Returns the caller's permission on each cube that it can access, by its name for the cube. */
    Map<String, Permission> cubes();

    /** Returns the caller's name for a cube. */
    String cubeName(CubeId cube);

    /**
     * Records a call of a tool that changes something.
     *
     * @param target the ids of what was changed; may be empty
     * @param outcome an HTTP status
     */
    void recordChange(String tool, String target, int outcome);
}
