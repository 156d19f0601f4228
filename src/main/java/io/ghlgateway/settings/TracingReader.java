package io.ghlgateway.settings;

import io.ghlgateway.tenancy.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads where traces go. */
final class TracingReader {

    /** Where a collector takes them by default, which is why its address is often given without a path. */
    private static final String PATH = "/v1/traces";

    private TracingReader() {}

    static Optional<TracingSettings> read(Section section) {
        var endpoint = section.required("endpoint", Kind.WEB_URL).map(TracingReader::whole);
        var headers = headers(section);
        endpoint.filter(url -> !headers.isEmpty() && WebUrl.isExposed(url))
                .ifPresent(url -> section.warning("endpoint", "its headers travel unencrypted to " + url.getHost()));
        var name = section.read("service-name", Kind.NAME, TracingSettings.SERVICE_NAME);
        double ratio = section.read("sampling-ratio", Kind.RATIO, TracingSettings.SAMPLING_RATIO);
        boolean propagate = section.read("propagate", Kind.FLAG, TracingSettings.PROPAGATE);
        return endpoint.map(url -> new TracingSettings(url, headers, name, ratio, propagate));
    }

    private static URI whole(URI endpoint) {
        var path = endpoint.getRawPath();
        return path.isEmpty() || path.equals("/") ? endpoint.resolve(PATH) : endpoint;
    }

    private static Map<String, Secret> headers(Section section) {
        var headers = new LinkedHashMap<String, Secret>();
        section.items("headers")
                .forEach(item -> item.section(header -> {
                    var name = header.required("name", Kind.FIELD_NAME);
                    var value = header.requiredSecret("value", Kind.FIELD_VALUE);
                    name.filter(written -> headers.containsKey(written.toLowerCase(Locale.ROOT)))
                            .ifPresent(written -> header.problem("name", "'" + written + "' is there already"));
                    name.ifPresent(written ->
                            value.ifPresent(secret -> headers.put(written.toLowerCase(Locale.ROOT), secret)));
                    return name;
                }));
        return headers;
    }
}
