/** The console: a web page on which people look after the memories that their key opens. */
@NullMarked
package io.memos4j.server.console;

import org.jspecify.annotations.NullMarked;
