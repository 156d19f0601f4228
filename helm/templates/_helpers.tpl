{{- define "ghl-gateway.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "ghl-gateway.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "ghl-gateway.labels" -}}
{{ include "ghl-gateway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* Non-empty when the budgets live in Redis. */}}
{{- define "ghl-gateway.shared" -}}
{{- if .Values.redis.enabled -}}true{{- end -}}
{{- end -}}

{{/* Non-empty when the configuration itself says where Redis is. */}}
{{- define "ghl-gateway.namesRedis" -}}
{{- if or (dig "redis" "uri" "" .Values.config) (dig "redis" "uri-file" "" .Values.config) -}}true{{- end -}}
{{- end -}}

{{/* Non-empty when the public door opens. */}}
{{- define "ghl-gateway.isPublic" -}}
{{- if .Values.config.apps -}}true{{- end -}}
{{- end -}}

{{/*
Non-empty when any replica may take the place of any other: with Redis, and without a journal that must find back to its
replica.
*/}}
{{- define "ghl-gateway.stateless" -}}
{{- if and (include "ghl-gateway.shared" .) (eq "none" (dig "credentials" "journal" "/data" .Values.config)) -}}true{{- end -}}
{{- end -}}

{{/* How many replicas. Two embedded gateways would each spend the whole quota, so that is refused. */}}
{{- define "ghl-gateway.replicas" -}}
{{- $shared := include "ghl-gateway.shared" . -}}
{{- $replicas := ternary (ternary 3 1 (eq $shared "true")) .Values.replicas (kindIs "invalid" .Values.replicas) | int -}}
{{- if and .Values.autoscaling.enabled (ne $shared "true") -}}
{{- fail "autoscaling.enabled, but without Redis each replica would spend the whole quota: set redis.enabled" -}}
{{- end -}}
{{- if and (gt $replicas 1) (ne $shared "true") -}}
{{- fail (printf "replicas is %d, but without Redis each replica would spend the whole quota: set redis.enabled, or replicas to 1" $replicas) -}}
{{- end -}}
{{- ternary (int .Values.autoscaling.min) $replicas .Values.autoscaling.enabled -}}
{{- end -}}

{{/* Whole seconds of a duration as the gateway writes it: 500ms, 30s, 5m, 2h, 1d. Call with (list KEY VALUE). */}}
{{- define "ghl-gateway.seconds" -}}
{{- $key := index . 0 -}}
{{- $text := index . 1 | toString -}}
{{- if not (regexMatch "^[0-9]+(ms|s|m|h|d)$" $text) -}}
{{- fail (printf "%s is %q, which is no duration such as 500ms, 30s or 5m" $key $text) -}}
{{- end -}}
{{- $number := regexFind "^[0-9]+" $text | int -}}
{{- $unit := regexFind "[a-z]+$" $text -}}
{{- if eq $unit "ms" -}}
{{- div (add $number 999) 1000 -}}
{{- else -}}
{{- mul $number (get (dict "s" 1 "m" 60 "h" 3600 "d" 86400) $unit) -}}
{{- end -}}
{{- end -}}

{{/* The whole drain must fit into the grace period; what runs longer is killed with requests in flight. */}}
{{- define "ghl-gateway.grace" -}}
{{- $lameDuck := include "ghl-gateway.seconds" (list "config.drain.lame-duck" (dig "drain" "lame-duck" "0s" .Values.config)) | int -}}
{{- $timeout := include "ghl-gateway.seconds" (list "config.drain.timeout" (dig "drain" "timeout" "30s" .Values.config)) | int -}}
{{- add .Values.preStopSleepSeconds $lameDuck $timeout 10 -}}
{{- end -}}

{{- define "ghl-gateway.proxyPort" -}}
{{- dig "proxy" "port" 8080 .Values.config | int -}}
{{- end -}}

{{- define "ghl-gateway.adminPort" -}}
{{- dig "admin" "port" 9091 .Values.config | int -}}
{{- end -}}

{{- define "ghl-gateway.publicPort" -}}
{{- dig "public" "port" 8081 .Values.config | int -}}
{{- end -}}

{{/* What the public door is called outside. */}}
{{- define "ghl-gateway.host" -}}
{{- $url := dig "public" "url" "" .Values.config -}}
{{- $host := .Values.public.ingress.host | default (regexReplaceAll ":[0-9]+$" (get (urlParse $url) "host") "") -}}
{{- if not $host -}}
{{- fail "public.ingress.enabled, but no host: set config.public.url or public.ingress.host" -}}
{{- end -}}
{{- $host -}}
{{- end -}}

{{/* http or https. Call with (list $ DOOR). */}}
{{- define "ghl-gateway.scheme" -}}
{{- $root := index . 0 -}}
{{- $door := index . 1 -}}
{{- ternary "https" "http" (not (not (or (get $root.Values.tls $door).secret (dig $door "tls" "certificate" "" $root.Values.config)))) -}}
{{- end -}}
