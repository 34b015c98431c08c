# The memory server. Build: docker build -t memos4j .
# Run:   docker run -p 7070:7070 -v memos4j:/data memos4j
# The first start prints the administrator's key, once: docker logs CONTAINER

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /source
COPY . .
RUN mvn -B -ntp -q -pl memos4j-cli -am -Dmaven.test.skip=true package \
    && mkdir /app \
    && cp memos4j-cli/target/lib/*.jar memos4j-cli/target/memos4j-cli.jar /app/

# ONNX Runtime needs glibc, so no Alpine.
FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 10001 memos4j \
    && useradd --system --uid 10001 --gid memos4j --home-dir /nonexistent --shell /usr/sbin/nologin memos4j \
    && mkdir /data \
    && chown memos4j:memos4j /data
COPY --from=build /app /app

USER memos4j
VOLUME /data
EXPOSE 7070
# Where the tokenizer unpacks its native code; SQLite and ONNX Runtime use /tmp by themselves.
ENV DJL_CACHE_DIR=/tmp/djl \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError"

# Bash speaks HTTP by itself; the image need not hold curl. With TLS, give a check of your own.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/7070 && printf 'GET /v1/health HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]

# Java is process 1 and gets the signal to stop. Within the container all addresses; publish the port to those who should reach it.
ENTRYPOINT ["java", "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp", "/app/*", "io.memos4j.cli.Main"]
CMD ["serve", "--host", "0.0.0.0", "--port", "7070", "--data", "/data"]
STOPSIGNAL SIGTERM
