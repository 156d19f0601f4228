package peers;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.filter.ratelimit.KeyResolver;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Mono;

/** Spring Cloud Gateway as its documentation sets it up: limiter in Redis, the upstream's token, retries. */
@SpringBootApplication
public class SpringCloudGateway {

    public static void main(String[] args) {
        SpringApplication.run(SpringCloudGateway.class, args);
    }

    /** A bucket for each location. */
    @Bean
    KeyResolver byLocation() {
        return exchange ->
                Mono.just(String.valueOf(exchange.getRequest().getHeaders().getFirst("X-Bench-Location")));
    }
}
