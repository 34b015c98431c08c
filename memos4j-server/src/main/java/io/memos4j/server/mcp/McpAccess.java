package io.memos4j.server.mcp;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import java.util.Map;

/** What one caller may reach. */
interface McpAccess {
    /** The cube that is meant where a call names none. */
    String standard();

    /**
     * An existing cube.
     *
     * @throws MemoryException if there is none that the caller may do this with
     */
    MemCube cube(String name, Permission needed);

    /** The cube to add to; made if it is not there and is the caller's to make. */
    MemCube cubeForWriting(String name);

    /** Every cube that the caller may use, by the name under which the caller knows it. */
    Map<String, Permission> cubes();

    /** How the caller calls a cube of the engine. */
    String cubeName(CubeId cube);

    /**
     * Learns that a tool that changes something was called.
     *
     * @param target what was changed; may be empty
     * @param outcome as an HTTP status
     */
    void recordChange(String tool, String target, int outcome);
}
